/* SPDX-License-Identifier: MIT */
/* test-config.c: GET config/ (visio-api section 2). */
#include "server/test-server-private.h"

/* What does not depend on options; members are those of the real answer, values are examples. */
static const char constant_part[]
    = "{\"LANGUAGE_CODE\":\"fr-fr\","
      "\"recording\":{\"is_enabled\":true,\"available_modes\":[\"screen_recording\",\"transcript\"]"
      ","
      "\"expiration_days\":30,\"max_duration\":14400000},"
      "\"background_image\":{\"upload_is_enabled\":true,\"max_count_by_user\":10,\"max_size\":"
      "2097152,"
      "\"allowed_extensions\":[\".jpeg\",\".jpg\",\".png\"],"
      "\"allowed_mimetypes\":[\"image/jpeg\",\"image/png\"]},"
      "\"telephony\":{\"enabled\":true,\"default_country\":\"FR\","
      "\"international_phone_number\":\"+33 1 23 45 67 89\"},"
      "\"resource\":{\"default_access_level\":\"public\"},\"subtitle\":{\"enabled\":true},"
      "\"diagnostics\":{\"connection_test_enabled\":true},"
      "\"livekit\":{\"url\":\"\",\"force_wss_protocol\":false,"
      "\"enable_firefox_proxy_workaround\":false,"
      "\"default_sources\":[\"camera\",\"microphone\",\"screen_share\",\"screen_share_audio\"]},"
      "\"authenticated_users_can_edit_display_name\":true,\"custom_css_url\":null,\"analytics\":{},"
      "\"support\":{\"help_article_recording\":\"https://help.example.org/recording\"},"
      "\"silence_livekit_debug_logs\":false,\"is_silent_login_enabled\":true,"
      "\"idle_disconnect_warning_delay\":1200000,"
      "\"feedback\":{\"url\":\"https://forms.example.org/visio\"},"
      "\"documentation_url\":\"https://docs.example.org/visio\",\"external_home_url\":null,"
      "\"use_french_gov_footer\":true,\"use_proconnect_button\":true,\"manifest_link\":null,"
      "\"transcription_destination\":\"https://docs.example.org\","
      "\"max_participants_for_sound\":5,\"auto_mute_on_join_threshold\":50}";

static void
switch_off (JsonObject *config, const char *part, const char *member)
{
  json_object_set_boolean_member (json_object_get_object_member (config, part), member, FALSE);
}

JsonObject *
visio_test_config_to_json (VisioTestServer *self)
{
  g_autoptr (JsonNode) node = json_from_string (constant_part, NULL);
  JsonObject *config = json_node_dup_object (node);
  JsonObject *telephony;

  json_object_set_string_member (json_object_get_object_member (config, "livekit"), "url",
                                 self->livekit_url);
  if (!self->minimal)
    return config;
  switch_off (config, "recording", "is_enabled");
  switch_off (config, "background_image", "upload_is_enabled");
  switch_off (config, "subtitle", "enabled");
  switch_off (config, "diagnostics", "connection_test_enabled");
  json_object_set_boolean_member (config, "authenticated_users_can_edit_display_name", FALSE);
  telephony = json_object_new ();
  json_object_set_boolean_member (telephony, "enabled", FALSE);
  json_object_set_object_member (config, "telephony", telephony);
  return config;
}

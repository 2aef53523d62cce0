/* SPDX-License-Identifier: MIT */
/* test-ca.h: a certificate authority that lives as long as the process, so that tests speak real
 * TLS and no key is ever stored. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  char *pem;               /* of the authority; to be trusted by clients */
  GTlsCertificate *server; /* for localhost, 127.0.0.1 and ::1, with its key */
} VisioTestCa;

/* Returns: (transfer full): a new authority, valid for a day. Any thread. */
VisioTestCa *visio_test_ca_new (GError **error);
void visio_test_ca_free (VisioTestCa *ca);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VisioTestCa, visio_test_ca_free)

G_END_DECLS

/* SPDX-License-Identifier: MIT */
/* The bound of everything that a remote party can make us allocate. Contract header.
 * Where a number comes from LiveKit or Visio, the comment names it; the others are ours. */
#pragma once

/* Signalling. */
#define VISIO_LIMIT_SIGNAL_BYTES                                                                   \
  (4u << 20) /* one WebSocket message; 512 KiB metadata + 100 m-lines of 1.6 kB fit easily */
#define VISIO_LIMIT_UNPACK_BYTES (16u << 20) /* what unpacking one message may allocate in all */
#define VISIO_LIMIT_SDP_BYTES (1u << 20)
#define VISIO_LIMIT_MLINES 512
#define VISIO_LIMIT_SSRCS 2048 /* a stream and its repetitions per m-line, twice over */
#define VISIO_LIMIT_CANDIDATE_BYTES 2048
#define VISIO_LIMIT_PENDING_CANDIDATES 256
#define VISIO_LIMIT_PENDING_OFFERS                                                                 \
  8 /* the server waits for each answer: more than one or two is broken */
#define VISIO_LIMIT_ICE_SERVERS 16
#define VISIO_LIMIT_ICE_URLS 8 /* per server */
#define VISIO_LIMIT_TOKEN_BYTES 16384

/* People and tracks. */
#define VISIO_LIMIT_PARTICIPANTS 2000
#define VISIO_LIMIT_TRACKS 16 /* per participant */
#define VISIO_LIMIT_SID_BYTES 128
#define VISIO_LIMIT_IDENTITY_BYTES 256 /* LiveKit's own limit */
#define VISIO_LIMIT_NAME_BYTES                                                                     \
  512 /* Visio allows 255 characters; longer ones are cut on a character border */
#define VISIO_LIMIT_METADATA_BYTES (512u << 10) /* LiveKit's own limit */
#define VISIO_LIMIT_ATTRIBUTES 64
#define VISIO_LIMIT_ATTRIBUTES_BYTES (64u << 10) /* LiveKit's own limit */

/* Data. */
#define VISIO_LIMIT_PACKET_BYTES (64u << 10) /* SCTP max-message-size of the server is 65 535 */
#define VISIO_LIMIT_WAITING_PACKETS 256      /* of ours, until the channel is open */
#define VISIO_LIMIT_WAITING_BYTES (1u << 20)
#define VISIO_LIMIT_STREAM_BYTES (1u << 20) /* one text stream, after decompression */
#define VISIO_LIMIT_STREAMS 64              /* open at the same time, all senders */
#define VISIO_LIMIT_STREAMS_PER_SENDER 8
#define VISIO_LIMIT_STREAM_CHUNKS                                                                  \
  1024 /* pieces of one stream; 1 MiB makes 70 at VISIO_STREAM_CHUNK_BYTES */
#define VISIO_LIMIT_USER_MESSAGE_BYTES                                                             \
  4096                              /* JSON of a notification; the longest known one has 90 */
#define VISIO_LIMIT_CHAT_CHARS 2000 /* what Visio's web client lets people type */
#define VISIO_LIMIT_CHAT_RECEIVE_CHARS 20000 /* longer ones are cut, and say so */
#define VISIO_LIMIT_CHAT_LOG 5000            /* messages kept in one meeting */
#define VISIO_STREAM_CHUNK_BYTES 15000       /* LiveKit's client SDKs */

/* HTTP. */
#define VISIO_LIMIT_REPLY_BYTES (2u << 20)
#define VISIO_LIMIT_URL_BYTES 2048
#define VISIO_LIMIT_HTTP_HEAD_BYTES                                                                \
  (16u << 10) /* answer to a WebSocket upgrade, without its body */
#define VISIO_LIMIT_JSON_DEPTH                                                                     \
  32 /* the deepest real answer nests five levels, and the parser recurses */
#define VISIO_LIMIT_SLUG_BYTES 100       /* Visio's room model */
#define VISIO_LIMIT_ROOM_NAME_BYTES 2000 /* Visio's room model: 500 characters */
#define VISIO_LIMIT_ID_BYTES 64          /* UUIDs, phone PINs, language codes, time zones */
#define VISIO_LIMIT_CA_BYTES (1u << 20)  /* file with extra certificate authorities */
#define VISIO_LIMIT_SIGNAL_EARLY_BYTES                                                             \
  (8u << 20) /* messages kept until the owner of a new connection took it over */

/* Text of a person, and logs. */
#define VISIO_LIMIT_LINK_BYTES 2048 /* a link with the query of a mail gateway stays far below */
#define VISIO_LIMIT_HOST_BYTES 253  /* RFC 1035 section 2.3.4 */
#define VISIO_LIMIT_LOG_BYTES (16u << 10)

/* Pictures. */
#define VISIO_LIMIT_FRAME_SIDE                                                                     \
  8192 /* pixels, after scaling to the tile: two 4K displays side by side */

/* Queues between threads. */
#define VISIO_LIMIT_INBOX_EVENTS 4096

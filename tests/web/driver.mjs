// SPDX-License-Identifier: MIT
//
// One browser, many pages.  Speaks JSON lines: a request {id, page, command, ...}
// on stdin is answered by {id, result} or {id, error} on stdout; what a page
// reports comes as {page, at_ms, event, ...}.
//
// Commands of the driver: open, close, screenshot {path}, quit.  All others are
// those of page.js.
//
// Environment: VISIO_NODE_MODULES (folder with livekit-client and
// playwright-core; default: next to this file), VISIO_CHROMIUM, and
// VISIO_FAKE_CAMERA (an .mjpeg or .y4m file).

import fs from "node:fs";
import http from "node:http";
import { createRequire } from "node:module";
import path from "node:path";
import readline from "node:readline";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const modules = process.env.VISIO_NODE_MODULES ?? path.join(here, "node_modules");
const { chromium } = createRequire(path.join(modules, "index.js"))(path.join(modules, "playwright-core"));

const FILES = {
  "/": [path.join(here, "page.html"), "text/html"],
  "/page.js": [path.join(here, "page.js"), "text/javascript"],
  "/picture.js": [path.join(here, "picture.js"), "text/javascript"],
  "/tone.js": [path.join(here, "tone.js"), "text/javascript"],
  "/livekit-client.js": [path.join(modules, "livekit-client/dist/livekit-client.umd.js"), "text/javascript"],
};

const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--autoplay-policy=no-user-gesture-required",
  "--use-fake-ui-for-media-stream",
  "--use-fake-device-for-media-stream",
  `--use-file-for-fake-video-capture=${process.env.VISIO_FAKE_CAMERA}`,
  // The test may run where loopback is the only interface.
  "--allow-loopback-in-peer-connection",
  // Several pages share one window; none may be slowed down for being behind.
  "--disable-background-timer-throttling",
  "--disable-backgrounding-occluded-windows",
  "--disable-renderer-backgrounding",
];

const started = performance.now();
const say = (line) => process.stdout.write(JSON.stringify(line) + "\n");
const now = () => Math.round(performance.now() - started);

const pages = new Map();
let browser;
let server;

async function serve() {
  server = http.createServer((request, response) => {
    const file = FILES[request.url];
    if (!file) {
      response.writeHead(404).end();
      return;
    }
    response.setHeader("content-type", file[1]);
    fs.createReadStream(file[0]).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${server.address().port}/`;
}

// The viewport is large enough for several elements, because adaptive streams
// follow what is visible.
async function open(name, address) {
  const context = await browser.newContext({
    permissions: ["camera", "microphone"],
    viewport: { width: 1400, height: 900 },
  });
  const page = await context.newPage();
  const tell = (event, fields) => say({ page: name, at_ms: now(), event, ...fields });
  page.on("pageerror", (error) => tell("fault", { message: error.message }));
  page.on("crash", () => tell("fault", { message: "page crashed" }));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) tell("console", { type: message.type(), text: message.text() });
  });
  await page.exposeFunction("reportEvent", ({ event, ...fields }) => tell(event, fields));
  await page.goto(address);
  await page.waitForFunction(() => window.commands);
  pages.set(name, page);
}

async function run({ page: name, command, ...rest }, address) {
  if (command === "open") return await open(name, address);
  const page = pages.get(name);
  if (!page) throw new Error(`no page ${name}`);
  if (command === "close") {
    pages.delete(name);
    return await page.context().close();
  }
  if (command === "screenshot") {
    await page.screenshot({ path: rest.path });
    return;
  }
  return await page.evaluate(([c, a]) => window.commands[c](a), [command, rest]);
}

async function quit() {
  await browser?.close();
  server?.close();
  process.exit(0);
}

const address = await serve();
browser = await chromium.launch({
  executablePath: process.env.VISIO_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--headless=new", ...ARGUMENTS],
  // Playwright would mute the sound otherwise.
  ignoreDefaultArgs: ["--mute-audio"],
  headless: true,
});
say({ event: "ready", at_ms: now(), browser: browser.version() });

for await (const line of readline.createInterface({ input: process.stdin })) {
  const { id, ...request } = JSON.parse(line);
  if (request.command === "quit") break;
  run(request, address).then(
    (result) => say({ id, result: result ?? null }),
    (error) => say({ id, error: error.message.split("\n")[0] }),
  );
}
await quit();

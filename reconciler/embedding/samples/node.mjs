// Signed links to an embedded interview. Make them on a server: anyone with the key can sign for any visitor.
// The key is read from the variable EMBED_SIGNING_KEY: jmctl secrets exec NAME -- COMMAND sets it.
// An ES module: save it as embed.mjs.

import { createHmac } from "node:crypto";

const LINK = "@LINK@";
const EMBED_ID = "@EMBED_ID@";

// The link that opens the interview for the visitor with this name and email address.
export function embedLink(name, email) {
  const key = process.env.EMBED_SIGNING_KEY;
  if (!key) throw new Error("EMBED_SIGNING_KEY is not set");
  const signature = createHmac("sha256", key).update(EMBED_ID + name + email, "utf8").digest("hex");
  return `${LINK}&name=${parameter(name)}&email=${parameter(email)}&signature=${signature}`;
}

// HTML that shows the interview.
export function embedIframe(name, email) {
  const link = embedLink(name, email).replaceAll("&", "&amp;").replaceAll('"', "&quot;");
  return `<iframe src="${link}" title="Interview" allow="camera; microphone; autoplay; display-capture; fullscreen"></iframe>`;
}

function parameter(text) {
  return encodeURIComponent(Buffer.from(text, "utf8").toString("base64"));
}

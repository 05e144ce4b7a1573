// mailauth: node mailauth.mjs <node_modules> keys.json message...  A line for each signature: file, algorithm, pass or what else.
import fs from "node:fs";
import { createRequire } from "node:module";

const [modules, zone, ...files] = process.argv.slice(2);
const { dkimVerify } = createRequire(modules + "/x.js")(modules + "/mailauth/lib/dkim/verify");
const keys = JSON.parse(fs.readFileSync(zone));

// As dns.promises.resolve answers; no question leaves this machine.
const resolver = async (name, type) => {
  const text = type === "TXT" ? keys[name.toLowerCase().replace(/\.$/, "")] : undefined;
  if (text === undefined) throw Object.assign(new Error("ENOTFOUND " + name), { code: "ENOTFOUND" });
  return [text.match(/[^]{1,255}/g)];
};
for (const file of files) {
  const { results } = await dkimVerify(fs.readFileSync(file), { resolver, minBitLength: 1024 });
  for (const one of results) console.log(file, one.algo, one.status.result);
}

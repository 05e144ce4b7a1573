// nodemailer with its pool: connections kept open, HTML and text composed per reader, four messages under way per connection.
// DKIM_KEY (a PEM file) signs with RSA.
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';

const [port, messages, connections, folder, scratch] = process.argv.slice(2);
const nodemailer = createRequire(path.join(path.resolve(scratch), 'package.json'))('nodemailer');
const html = fs.readFileSync(path.join(folder, 'issue.html'), 'utf8');
const text = fs.readFileSync(path.join(folder, 'issue.txt'), 'utf8');
const options = { pool: true, host: '127.0.0.1', port: +port, maxConnections: +connections, maxMessages: Infinity, secure: false, ignoreTLS: true };
if (process.env.DKIM_KEY) {
  options.dkim = { domainName: 'exemple.fr', keySelector: 'bench', privateKey: fs.readFileSync(process.env.DKIM_KEY, 'utf8'), cacheDir: false };
}
const pool = nodemailer.createTransport(options);
const cpu = process.cpuUsage(), start = process.hrtime.bigint();
let next = 0, sent = 0;
await Promise.all(Array.from({ length: Math.min(+messages, 4 * connections) }, async () => {
  while (next < +messages) {
    const to = `r${next}@d${next++ % 70}.exemple.org`;
    await pool.sendMail({ from: 'La Gazette <lettre@exemple.fr>', to, subject: 'La halle, deux hivers après',
      text: text.replace('@@READER@@', to), html: html.replace('@@READER@@', to) });
    sent++;
  }
}));
const wall = Number(process.hrtime.bigint() - start) / 1e9, used = process.cpuUsage(cpu);
pool.close();
console.log(JSON.stringify({ messages: sent, wall_s: wall, cpu_s: (used.user + used.system) / 1e6 }));

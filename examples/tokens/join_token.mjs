import { createHmac } from 'node:crypto';

const base64url = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Lets one person into one room for an hour. */
export function joinToken({ keyId, secret, room, name, subject, moderator }) {
  const now = Math.floor(Date.now() / 1000);
  const header = base64url({ alg: 'HS256', typ: 'JWT', kid: keyId });
  const claims = base64url({ room, name, sub: subject, moderator, iat: now, exp: now + 3600 });
  const signature = createHmac('sha256', secret).update(`${header}.${claims}`).digest('base64url');
  return `${header}.${claims}.${signature}`;
}

const [room, name, subject, role] = process.argv.slice(2);
console.log(
  joinToken({
    keyId: process.env.JUMPA_KEY_ID,
    secret: process.env.JUMPA_KEY_SECRET,
    room,
    name,
    subject,
    moderator: role === 'moderator',
  }),
);

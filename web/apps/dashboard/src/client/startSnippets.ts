import type { Snippet } from '../parts/SnippetBox';

/** How long the token of the samples lives, seconds. */
const LIFETIME_S = 3600;

/** Makes a token for one room below `base` in the languages that most products are written in. */
export function startSnippets(base: string): readonly Snippet[] {
  return [
    {
      name: 'Node',
      code: `import { SignJWT } from 'jose';

const token = await new SignJWT({ room: 'halo', name: 'dr. Ayu', moderator: true })
  .setProtectedHeader({ alg: 'HS256', kid: process.env.JUMPA_KEY_ID })
  .setExpirationTime('1h')
  .sign(new TextEncoder().encode(process.env.JUMPA_SECRET));

const link = \`${base}/halo?jwt=\${token}\`;`,
    },
    {
      name: 'Python',
      code: `import os, time, jwt

token = jwt.encode(
    {"room": "halo", "name": "dr. Ayu", "moderator": True, "exp": int(time.time()) + ${LIFETIME_S}},
    os.environ["JUMPA_SECRET"],
    algorithm="HS256",
    headers={"kid": os.environ["JUMPA_KEY_ID"]},
)

link = f"${base}/halo?jwt={token}"`,
    },
    {
      name: 'PHP',
      code: `use Firebase\\JWT\\JWT;

$token = JWT::encode(
    ['room' => 'halo', 'name' => 'dr. Ayu', 'moderator' => true, 'exp' => time() + ${LIFETIME_S}],
    getenv('JUMPA_SECRET'),
    'HS256',
    getenv('JUMPA_KEY_ID'),
);

$link = "${base}/halo?jwt=$token";`,
    },
  ];
}

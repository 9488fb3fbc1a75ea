/** Stands where a secret is not shown. */
export const MASK = '••••••';

/** Words whose presence in the name of a value makes it a secret, and all that stands below it. */
const SECRET_WORDS: ReadonlySet<string> = new Set([
  'password',
  'passwords',
  'passwd',
  'passphrase',
  'pass',
  'pwd',
  'secret',
  'secrets',
  'token',
  'tokens',
  'credential',
  'credentials',
  'creds',
  'apikey',
  'key',
  'keys',
  'keystore',
  'jaas',
  'dsn',
  'salt',
  'htpasswd',
  'kubeconfig',
  'dockerconfigjson',
]);

/**
 * Last words that make a name one of something else: the name of a Secret, a path, a length of time. `existingSecret` is the custom of
 * charts for the name of a Secret that is there already; `key` alone names an entry, a label or a taint.
 */
const HARMLESS_ENDINGS: ReadonlySet<string> = new Set([
  'name',
  'names',
  'ref',
  'path',
  'file',
  'enabled',
  'type',
  'size',
  'seconds',
  'minutes',
  'days',
  'duration',
  'expiration',
  'algorithm',
  'annotations',
  'labels',
  'namespace',
  'issuer',
  'audience',
  'policy',
  'version',
]);
const HARMLESS_NAMES: ReadonlySet<string> = new Set([
  'key',
  'keys',
  'existingsecret',
  'topologykey',
  'publickey',
  'imagepullsecrets',
  'pullsecrets',
]);

/** Whether a value of this name is likely to be a secret: `rootPassword`, `API_TOKEN`, `tls.key`; not `secretName`. */
export function isSecretName(name: string): boolean {
  if (isHarmlessName(name)) return false;
  const words = wordsOf(name);
  return (
    words.some((word) => SECRET_WORDS.has(word)) ||
    /(?:password|passwd|secret|token|credential|apikey)/.test(words.join(''))
  );
}

/** Whether a value of this name is none even among secrets. */
export function isHarmlessName(name: string): boolean {
  const words = wordsOf(name);
  return HARMLESS_ENDINGS.has(words.at(-1) ?? '') || HARMLESS_NAMES.has(words.join(''));
}

function wordsOf(name: string): readonly string[] {
  return name
    .slice(0, 200)
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

/** Texts that are secrets whatever their name is. */
const SECRET_TEXTS: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY/,
  /\beyJ[\w-]{10,}\.[\w-]{10,}\./,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/,
  /\bgh[pousr]_[A-Za-z0-9]{20,}/,
  /\bxox[abprs]-[\w-]{10,}/,
  /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@]{1,200}:[^\s/@]{1,200}@/i,
  /(?:password|passwd|pwd|secret|token|sasl\.jaas\.config)["']?\s{0,10}[=:]\s{0,10}(?!(?:true|false|null|""|''|\{\}|\[\])\s*$)[^\s;,]/im,
];

/** Whether a text holds a secret by its own looks: a private key, a token, a password in a URL or a connection string. */
export function isSecretText(text: string): boolean {
  return SECRET_TEXTS.some((pattern) => pattern.test(text));
}

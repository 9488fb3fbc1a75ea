/** Names of settings and variables that say what they hold; `secretKeyRef` and the like only refer to it. */
const SECRET_NAME =
  /(?:password|passwd|passphrase|secret(?:[._-]?(?:access)?[._-]?key)?|private[._-]?key|access[._-]?key|api[._-]?key|(?:oauth|auth|bearer|session|sas)?[._-]?token|credentials?)$/i;
const REFERENCE =
  /(?:secrets|secretKeyRef|envSecretKeyRefs|secretName|secretType|imagePullSecrets|credentials?\.provider)$/i;

/** Maps whose values are settings, variables or arguments; elsewhere names of fields are those of the definition. */
const FREE = ['sparkConf', 'hadoopConf', 'envVars', 'annotations'];

/** Whether a field is named as secrets are; what it holds is not looked at. */
export function isSecretPath(path: readonly string[]): boolean {
  const name = path.at(-1) ?? '';
  return path.some((key) => FREE.includes(key)) && SECRET_NAME.test(name) && !REFERENCE.test(name);
}

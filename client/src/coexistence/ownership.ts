/**
 * Words of the four systems. A file that holds one of them and is a manifest is checked by our server, whatever its kinds
 * are; `belongsToDataCluster` in core decides the same for one document, and a test proves that the two agree.
 */
const ownWords = [
  'cassandra',
  'k8ssandra',
  'kafka',
  'zookeeper',
  'strimzi',
  'spark',
  'tfjob',
  'tf-job',
  'tf_config',
  'tensorflow',
  'kubeflow',
  'db\\.orange\\.com',
];

/**
 * Pattern of a file that is ours. Red Hat YAML, to which it is given, makes a regular expression of it without flags,
 * and rewrites a pattern at its first colon; so letters come in both cases, and there is no colon.
 */
export const ownedTextPattern = `^${[`apiVersion`, `kind`, `(${ownWords.map(inBothCases).join('|')})`]
  .map((part) => `(?=[^]*${part})`)
  .join('')}`;

const ownedText = new RegExp(ownedTextPattern);

/** Whether a file is checked by us, so that others need not check it. */
export function isOwnedText(text: string): boolean {
  return ownedText.test(text);
}

function inBothCases(word: string): string {
  return word.replaceAll(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}

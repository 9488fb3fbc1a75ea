/**
 * Syntax of names as the API server checks it. Each check returns what is wrong, as the end of a sentence that begins with the
 * name, or undefined. Source: k8s.io/apimachinery pkg/util/validation, 1.34.
 */
export type NameCheck = (name: string) => string | undefined;

const LABEL = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;
const LABEL_1035 = /^[a-z](?:[-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
const SEARCH_DOMAIN = /^_?[a-z0-9](?:[-_a-z0-9]*[a-z0-9])?(?:\._?[a-z0-9](?:[-_a-z0-9]*[a-z0-9])?)*$/;
const QUALIFIED_PART = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/;

/** RFC 1123 label, at most 63 characters: names of StatefulSets, volumes, containers, namespaces. */
export const checkDnsLabel: NameCheck = (name) =>
  LABEL.test(name)
    ? tooLong(name, 63)
    : 'must be lower-case letters, digits and "-", with a letter or digit at both ends';

/** RFC 1035 label, at most 63 characters: names of Services. */
export const checkDns1035Label: NameCheck = (name) =>
  LABEL_1035.test(name)
    ? tooLong(name, 63)
    : 'must be lower-case letters, digits and "-", beginning with a letter and ending with a letter or digit';

/** RFC 1123 subdomain, at most 253 characters: names of most objects. */
export const checkDnsSubdomain: NameCheck = (name) =>
  SUBDOMAIN.test(name)
    ? tooLong(name, 253)
    : 'must be lower-case letters, digits, "-" and ".", with a letter or digit at both ends of every part';

/** What may stand in the path of a request, and nothing more: names of roles, role bindings and disruption budgets. */
export const checkPathSegment: NameCheck = (name) => {
  if (name === '.' || name === '..') return 'must not be "." or ".."';
  return /[/%]/.test(name) ? 'must not have "/" or "%"' : undefined;
};

/** A subdomain whose parts may also have "_", but not at their end: domains that are searched for names. */
export const checkSearchDomain: NameCheck = (name) =>
  SEARCH_DOMAIN.test(name)
    ? tooLong(name, 253)
    : 'must be lower-case letters, digits, "-", "_" and ".", with a letter or digit at the end of every part';

/** `prefix/name` as keys of labels have it; the prefix, a subdomain, may be left out. */
export const checkQualifiedName: NameCheck = (text) => {
  const parts = text.split('/');
  if (parts.length > 2) return 'may have one "/" only, behind its prefix';
  const [prefix, name = ''] = parts.length === 2 ? parts : [undefined, parts[0]];
  if (prefix !== undefined) {
    const problem = prefix === '' ? 'must not be empty' : checkDnsSubdomain(prefix);
    if (problem !== undefined) return `has a prefix that ${problem}`;
  }
  if (name === '') return 'has no name';
  if (name.length > 63) return `has a name of ${name.length} characters; at most 63 are allowed`;
  return QUALIFIED_PART.test(name)
    ? undefined
    : 'must be letters, digits, "-", "_" and ".", with a letter or digit at both ends';
};

/** Value of a label: like the name of a key, or empty. */
export const checkLabelValue: NameCheck = (value) => {
  if (value.length > 63) return tooLong(value, 63);
  return value === '' || QUALIFIED_PART.test(value)
    ? undefined
    : 'must be letters, digits, "-", "_" and ".", with a letter or digit at both ends';
};

/** Name of a port: an IANA service name, at most 15 characters with a letter among them. */
export const checkPortName: NameCheck = (name) => {
  if (name.length > 15) return tooLong(name, 15);
  if (!/^[-a-z0-9]+$/.test(name)) return 'must be lower-case letters, digits and "-"';
  if (!/[a-z]/.test(name)) return 'must have a letter';
  if (name.includes('--')) return 'must not have two "-" in a row';
  return /^-|-$/.test(name) ? 'must not begin or end with "-"' : undefined;
};

/** Key of a ConfigMap or Secret, at most 253 characters. */
export const checkDataKey: NameCheck = (key) => {
  if (key.length > 253) return tooLong(key, 253);
  if (!/^[-._a-zA-Z0-9]+$/.test(key)) return 'must be letters, digits, "-", "_" and "."';
  return key === '.' || key === '..' || key.startsWith('..') ? 'must not be "." or begin with ".."' : undefined;
};

function tooLong(text: string, limit: number): string | undefined {
  return text.length > limit ? `has ${text.length} characters; at most ${limit} are allowed` : undefined;
}

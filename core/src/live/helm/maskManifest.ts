import { isSecretName, isSecretText, MASK } from '#core/live/helm/secrecy.ts';

/** At the beginning of a line: an object of its own. Anywhere else: an item of a list, or an object in one line. */
const IS_SECRET = /^kind:\s*["']?Secret["']?\s*(?:#.*)?$/m;
/** A line that begins the next field of an object. */
const FIELD = /^["']?[\w.-]+["']?\s*:(?:\s|$)/;
const HOLDS_SECRET = /["']?\bkind["']?\s*:\s*(?:[!&]\S*\s+)*["']?Secret(?:List)?\b/;
const DATA = /^["']?(?:data|stringData)["']?\s*:(.*)$/;

/**
 * A manifest with the values of its Secrets hidden, and any line that holds a secret by its looks. Where a Secret is not written as an
 * object of its own, one key a line, all of its document is left out rather than part of it shown.
 */
export function maskManifest(manifest: string): string {
  return manifest
    .split(/^(?=---)/m)
    .map(maskDocument)
    .join('');
}

function maskDocument(document: string): string {
  if (IS_SECRET.test(document) && !/["']?\bkind["']?\s*:\s*["']?SecretList\b/.test(document))
    return maskSecret(document);
  if (HOLDS_SECRET.test(document)) return `${headOf(document)}# Secrets in this document are not shown.\n`;
  return maskLines(document);
}

/** The marker and the comments of Helm above the object. */
function headOf(document: string): string {
  return /^(?:(?:---.*|#.*|\s*)\n)*/.exec(document)?.[0] ?? '';
}

function maskSecret(document: string): string {
  const lines: string[] = [];
  let isData = false;
  let indent: number | undefined;
  for (const line of document.split('\n')) {
    if (FIELD.test(line) || (!isData && /^\S/.test(line))) {
      const [, inline] = DATA.exec(line) ?? [];
      isData = inline !== undefined;
      indent = undefined;
      lines.push(isData && /^\s*[^\s#]/.test(inline ?? '') ? `${line.slice(0, line.indexOf(':'))}: ${MASK}` : line);
      continue;
    }
    if (!isData || line.trim() === '') {
      lines.push(maskLine(line));
      continue;
    }
    const own = line.length - line.trimStart().length;
    indent ??= own;
    const [key] = own === indent ? (/^\s+(?:"[^"]*"|'[^']*'|[^\s:"'#][^:]*)\s*:/.exec(line) ?? []) : [];
    if (key !== undefined) lines.push(`${key} ${MASK}`);
  }
  return lines.join('\n');
}

/** What is hidden of the lines that follow. */
type Following = 'nothing' | 'key' | { readonly below: number };

function maskLines(document: string): string {
  let following: Following = 'nothing';
  let isSecretVariable = false;
  const lines: string[] = [];
  for (const line of document.split('\n')) {
    if (isHidden(line, following)) {
      if (following === 'key' && KEY_ENDS.test(line)) following = 'nothing';
      continue;
    }
    following = 'nothing';
    const [, name] = VARIABLE_NAME.exec(line) ?? [];
    const [value] = (isSecretVariable && VARIABLE_VALUE.exec(line)) || [];
    if (name !== undefined) isSecretVariable = isSecretName(name);
    if (value !== undefined) following = { below: indentOf(line).length };
    if (KEY_BEGINS.test(line) && !KEY_ENDS.test(line)) following = 'key';
    lines.push(value === undefined ? maskLine(line) : `${value}${MASK}`);
  }
  return lines.join('\n');
}

const KEY_BEGINS = /-----BEGIN [A-Z ]*PRIVATE KEY/;
const KEY_ENDS = /-----END [A-Z ]*PRIVATE KEY/;
/** Of a variable of a container, whose value is a line of its own, or some deeper ones. */
const VARIABLE_NAME = /^\s*(?:- )?name:\s*["']?([\w.-]+)/;
const VARIABLE_VALUE = /^\s*value:\s*(?=\S)/;

function isHidden(line: string, following: Following): boolean {
  if (following === 'nothing') return false;
  if (following === 'key') return true;
  return line.trim() !== '' && indentOf(line).length > following.below;
}

/** A key stays readable; of what follows nothing does. */
function maskLine(line: string): string {
  if (!isSecretText(line) && !QUOTED_SECRET.test(line)) return line;
  const [key] = /^\s*(?:- )?[\w.-]+:\s/.exec(line) ?? [];
  return `${key ?? indentOf(line)}${MASK}`;
}

/** An object within a text: what kubectl keeps in an annotation. */
const QUOTED_SECRET = /["']kind\\?["']\s*:\s*\\?["']Secret/;

function indentOf(line: string): string {
  return line.slice(0, line.length - line.trimStart().length);
}

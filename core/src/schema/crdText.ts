import type { KindSchema } from '#core/schema/catalog.ts';
import { readCrd, type CrdReading, type CrdSource } from '#core/schema/crd.ts';
import { toPlainValue } from '#core/schema/plainValue.ts';
import { splitDocuments } from '#core/yaml/documents.ts';
import { DOCUMENT_LENGTH_LIMIT } from '#core/yaml/limits.ts';
import { parseDocumentText } from '#core/yaml/parse.ts';
import { readTolerant } from '#core/yaml/tolerant.ts';

/**
 * Above this many characters a definition is read by indentation alone, which is ten times faster.
 * Generated definitions, the only ones that are this long, read the same either way.
 */
const LONG_DEFINITION = 64 * 1024;

/** Whether a text can hold a definition at all; a cheap look before reading it. */
export function mayHoldCrd(text: string): boolean {
  return text.includes('CustomResourceDefinition');
}

/** The kinds that the CustomResourceDefinitions in a text declare, whatever else stands there. Descriptions are kept. */
export function readCrdText(text: string, source: CrdSource): CrdReading {
  const kinds: KindSchema[] = [];
  const problems: string[] = [];
  if (!mayHoldCrd(text)) return { kinds, problems };
  for (const { start, end } of splitDocuments(text)) {
    const document = text.slice(start, end);
    if (!mayHoldCrd(document) || document.length > DOCUMENT_LENGTH_LIMIT) continue;
    const reading = readCrd(readPlain(document), source);
    kinds.push(...reading.kinds);
    problems.push(...reading.problems);
  }
  return { kinds, problems };
}

function readPlain(document: string): unknown {
  const isLong = document.length > LONG_DEFINITION;
  return toPlainValue(isLong ? readTolerant(document).root : parseDocumentText(document).root);
}

import type { JsonObject } from '#core/live/ports.ts';
import { isObject, textAt } from '#core/json.ts';
import { parseApiVersion, type GroupVersionKind } from '#core/kubernetes/identity.ts';
import { toPlainValue } from '#core/schema/plainValue.ts';
import { splitDocuments } from '#core/yaml/documents.ts';
import { nodeAt, resolveAlias, type YamlNode } from '#core/yaml/nodes.ts';
import { parseDocumentText } from '#core/yaml/parse.ts';
import { hasTemplateActions } from '#core/yaml/template.ts';

/** An object that a file describes. */
export interface ManifestObject extends GroupVersionKind {
  readonly object: JsonObject;
  /** Empty when the manifest leaves it open. */
  readonly namespace: string;
  readonly name: string;
  /** Where the object begins in the file. */
  readonly start: number;
  /** Offset of its document in the file; ranges of the tree are relative to it. */
  readonly offset: number;
  readonly root: YamlNode | undefined;
}

export interface ManifestReading {
  readonly objects: readonly ManifestObject[];
  /** Why something in the file was left out, as sentences. */
  readonly problems: readonly string[];
}

/** The objects of a file, those in a List one by one. What is broken, templated or has no name is named and left out. */
export function readManifest(text: string): ManifestReading {
  if (hasTemplateActions(text))
    return { objects: [], problems: ['The file is a template; only what it renders to can be asked about.'] };
  return readRendered(text);
}

/** The same of a text that is no template, whatever braces its values hold: rules of alerts are written with them. */
export function readRendered(text: string): ManifestReading {
  const objects: ManifestObject[] = [];
  const problems: string[] = [];
  for (const { start, end } of splitDocuments(text)) {
    const document = parseDocumentText(text.slice(start, end));
    const [problem] = document.problems;
    if (problem)
      problems.push(
        `Line ${lineAt(text, start + problem.range.start)} is no YAML the server can read: ${problem.message}`,
      );
    else objects.push(...objectsIn(document.root, start));
  }
  return { objects, problems };
}

function objectsIn(root: YamlNode | undefined, offset: number): readonly ManifestObject[] {
  const value = toPlainValue(root);
  if (!isObject(value)) return [];
  if (textAt(value, 'kind') === 'List' && textAt(value, 'apiVersion') === 'v1') {
    const items = resolveAlias(nodeAt(root, ['items']));
    return items?.kind === 'sequence' ? items.items.flatMap((item) => objectsIn(item.value, offset)) : [];
  }
  const parsed = parseApiVersion(textAt(value, 'apiVersion'));
  const [kind, name] = [textAt(value, 'kind'), textAt(value, 'metadata', 'name')];
  if (!parsed || kind === '' || name === '') return [];
  const namespace = textAt(value, 'metadata', 'namespace');
  return [{ ...parsed, kind, name, namespace, object: value, start: offset + startOf(root), offset, root }];
}

function startOf(root: YamlNode | undefined): number {
  const node = resolveAlias(root);
  return (node?.kind === 'map' ? node.entries[0]?.key.range.start : node?.range.start) ?? 0;
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

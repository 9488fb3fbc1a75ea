import type { ObjectView } from '#core/lint/rules/object.ts';
import type { ObjectRule } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { base64Length, utf8Length } from '#core/text/bytes.ts';

/** Most that the values may have together, in bytes (MaxSecretSize). */
const LIMIT = 1024 * 1024;

export const tooMuchData: ObjectRule = {
  id: 'DATA02',
  title: 'A ConfigMap or Secret holds more than 1 MiB',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation ValidateConfigMap and ValidateSecret, 1.34',
  fixable: false,
  refusedBy: 'server',
  why: `ConfigMaps and Secrets live in etcd and in the memory of every node that mounts them, so their values have at most 1 MiB together. Jars,
dumps and data sets belong into an image or a volume.`,
  subject: 'object',
  kinds: ['/ConfigMap', '/Secret'],
  check: (object, report) => {
    const size = [...sizes(object).values()].reduce((sum, bytes) => sum + bytes, 0);
    if (size <= LIMIT || object.root.isOpen) return;
    const maps = mapsOf(object);
    report({
      at: maps.find(({ isPresent }) => isPresent) ?? object.root,
      cause: 'tooLong',
      message: `The ${object.kind.kind} holds ${size} bytes; at most ${LIMIT} are allowed.`,
      // The server has no path for a ConfigMap as a whole.
      path: object.groupKind === '/Secret' ? object.root.field('data').path : '[]',
    });
  },
};

/** Where text stands, and where base64. */
function mapsOf({ root, groupKind }: ObjectView): readonly [plain: NodeView, encoded: NodeView] {
  const isSecret = groupKind === '/Secret';
  return [root.field(isSecret ? 'stringData' : 'data'), root.field(isSecret ? 'data' : 'binaryData')];
}

/** Bytes of each value that is known; a key of stringData takes the place of the same key of data. */
function sizes(object: ObjectView): ReadonlyMap<string, number> {
  const [plain, encoded] = mapsOf(object);
  return new Map([
    ...encoded.textEntries.map(([key, text]): [string, number] => [key, base64Length(text)]),
    ...plain.textEntries.map(([key, text]): [string, number] => [key, utf8Length(text)]),
  ]);
}

import { describe, expect, test } from 'vitest';
import { formatGvk } from '#core/kubernetes/identity.ts';
import type { KindSchema } from '#core/schema/catalog.ts';
import type { SchemaNode } from '#core/schema/node.ts';
import { systems } from '#core/systems/registry.ts';
import type { YamlPath } from '#core/yaml/nodes.ts';
import { formatPath } from '#core/yaml/path.ts';
import { bundledCatalog, bundledDescriptions } from '#test/support/catalog.ts';

/** The levels of a custom resource's spec in which every field says what it is for. */
const DESCRIBED_LEVELS = 2;

const catalog = await bundledCatalog();
const book = await bundledDescriptions();

const kinds = systems.flatMap((system) =>
  system.kinds
    .flatMap(({ group, kind }) => catalog.versionsOf(group, kind))
    .map((kind) => [formatGvk(kind), kind] as const),
);

describe('a custom resource', () => {
  test.each(kinds)('%s says what it is for', (name, kind) => {
    expect(kind.root().raw['x-type']).toBeUndefined();
    expect(book.describeObject(name, [], undefined)?.text).toMatch(/\w/);
  });

  test.each(kinds)('%s describes the fields people meet', (_name, kind) => {
    expect(undescribed(kind)).toEqual([]);
  });
});

function undescribed(kind: KindSchema): readonly string[] {
  const spec = kind.root().property('spec');
  return spec ? [...missingBelow(spec, ['spec'], kind)] : [];
}

function* missingBelow(holder: SchemaNode, path: YamlPath, kind: KindSchema): Generator<string> {
  for (const name of holder.propertyNames) {
    const place = [...path, name];
    const found = book.describe(formatGvk(kind), path, name, holder.raw['x-type']);
    if (found === undefined) yield formatPath(place);
    const child = holder.property(name);
    if (child && levelOf(place) <= DESCRIBED_LEVELS) yield* missingInside(child, place, kind);
  }
}

/** A list or a map is no level of its own: what its members hold is met as soon as the field is. */
function* missingInside(schema: SchemaNode, path: YamlPath, kind: KindSchema): Generator<string> {
  if (schema.items) yield* missingInside(schema.items, [...path, 0], kind);
  else if (schema.propertyNames.length > 0) yield* missingBelow(schema, path, kind);
  else if (schema.additional) yield* missingInside(schema.additional, [...path, 'any'], kind);
}

/** Fields on the way below the spec. */
function levelOf(path: YamlPath): number {
  return path.filter((step) => typeof step === 'string' && step !== 'any').length;
}

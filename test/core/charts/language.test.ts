import { describe, expect, test } from 'vitest';
import { definitionsInChart } from '#core/language/charts/definition.ts';
import { describeInChart } from '#core/language/charts/hover.ts';
import { offerInChart } from '#core/language/charts/completion.ts';
import { applyEdits } from '#core/text/range.ts';
import { placeInChart, readBundle, type BundledFile } from '#test/support/charts.ts';

const CHART = `# file: orders/Chart.yaml
apiVersion: v2
name: orders
version: 1.0.0
dependencies:
  - { name: redis, alias: cache, version: 1.0.0 }
# file: orders/values.yaml
# How many pods there are.
replicas: 3
image:
  # -- Where it comes from
  repository: registry.example.org/orders
  tag: "1.0"
  pull-policy: Always
# file: orders/values.schema.json
{ "properties": {
  "mode": { "enum": ["plain", "secure"], "description": "How clients connect." },
  "image": { "$ref": "#/definitions/image" }
}, "definitions": { "image": { "properties": { "digest": { "type": "string" } } } } }
# file: orders/charts/redis/Chart.yaml
apiVersion: v2
name: redis
version: 1.0.0
# file: orders/charts/redis/values.yaml
port: 6379
# file: orders/values-prod.yaml
`;

interface Asked {
  readonly text: string;
  readonly offset: number;
  readonly path: string;
  readonly files: readonly BundledFile[];
}

/** A file of the chart with the cursor at `|`. */
function ask(path: string, marked: string): Asked {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  const files = readBundle(CHART).filter((file) => file.path !== path);
  return { text, offset, path, files: [...files, { path, text, line: 0 }] };
}

function place({ path, files }: Asked) {
  const found = placeInChart(path, files);
  if (!found) throw new Error(`${path} is in no chart`);
  return found;
}

function labels(path: string, marked: string): readonly string[] | string {
  const asked = ask(path, marked);
  const offer = offerInChart(asked.text, asked.offset, place(asked));
  return typeof offer === 'string' ? offer : offer.entries.map(({ label }) => label);
}

/** The text after the entry with a label was chosen. */
function choose(path: string, marked: string, label: string): string {
  const asked = ask(path, marked);
  const offer = offerInChart(asked.text, asked.offset, place(asked));
  const entry = typeof offer === 'string' ? undefined : offer.entries.find((one) => one.label === label);
  if (typeof offer === 'string' || !entry) throw new Error(`${label} is not offered`);
  return applyEdits(asked.text, [{ range: offer.replace, newText: entry.text }]);
}

describe('completion', () => {
  test('in Chart.yaml offers the fields that are not there yet', () => {
    const offered = labels('orders/Chart.yaml', 'apiVersion: v2\nname: a\nver|\n');
    expect(offered).toContain('version');
    expect(offered).not.toContain('name');
    expect(labels('orders/Chart.yaml', 'dependencies:\n  - name: a\n    |\n')).toEqual(
      expect.arrayContaining(['repository', 'condition', 'alias']),
    );
    expect(labels('orders/Chart.yaml', 'type: |\n')).toEqual(['application', 'library']);
    expect(choose('orders/Chart.yaml', 'name: a\ndep|\n', 'dependencies')).toBe('name: a\ndependencies:\n  - \n');
  });

  test('in values offers what schema, files and dependencies know', () => {
    expect(labels('orders/values-prod.yaml', 'im|\n')).toEqual(['replicas', 'image', 'mode', 'cache']);
    expect(labels('orders/values-prod.yaml', 'image:\n  |\n')).toEqual(['repository', 'tag', 'pull-policy', 'digest']);
    expect(labels('orders/values-prod.yaml', 'cache:\n  |\n')).toEqual(['port']);
    expect(labels('orders/values-prod.yaml', 'mode: |\n')).toEqual(['plain', 'secure']);
    expect(labels('orders/values-prod.yaml', 'replicas: |\n')).toEqual(['3']);
  });

  test('in templates offers paths of values, and what Helm hands over', () => {
    const template = 'orders/templates/a.yaml';
    expect(labels(template, 'a: {{ .Values.| }}\n')).toEqual(['replicas', 'image', 'mode', 'cache']);
    expect(labels(template, 'a: {{ $.Values.image.t| | quote }}\n')).toEqual(['repository', 'tag', 'digest']);
    expect(choose(template, 'a: {{ $.Values.image.t| | quote }}\n', 'tag')).toBe(
      'a: {{ $.Values.image.tag | quote }}\n',
    );
    expect(labels(template, 'a: {{ .| }}\n')).toEqual(expect.arrayContaining(['Values', 'Release', 'Chart']));
    expect(labels(template, 'a: {{ .Release.| }}\n')).toContain('Namespace');
    expect(labels(template, 'a: {{ (f .x).Values.| }}\n')).toBe('nothing');
    expect(labels(template, 'a: |\n')).toBe('elsewhere');
    expect(labels('orders/templates/_helpers.tpl', '{{ define "a" }}{{ .Values.cache.| }}{{ end }}')).toEqual(['port']);
  });
});

describe('hover', () => {
  const hover = (path: string, marked: string): string => {
    const asked = ask(path, marked);
    return describeInChart(asked.text, asked.offset, place(asked))?.markdown ?? '';
  };

  test('explains fields of Chart.yaml', () => {
    expect(hover('orders/Chart.yaml', 'kubeV|ersion: ">=1.30"\n')).toContain('Range of Kubernetes versions');
    expect(hover('orders/Chart.yaml', 'dependencies:\n  - cond|ition: a.b\n')).toContain('switches it on and off');
  });

  test('shows what is known of a value, in values and in templates', () => {
    expect(hover('orders/values-prod.yaml', 'mo|de: plain\n')).toContain('How clients connect.');
    const shown = hover('orders/templates/a.yaml', 'a: {{ .Values.image.repo|sitory }}\n');
    expect(shown).toContain('Where it comes from');
    expect(shown).toContain('values.yaml: `registry.example.org/orders`');
    expect(hover('orders/templates/a.yaml', 'a: {{ "{{ .Values.rep|licas }}" }}\n')).toBe('');
  });
});

describe('definition', () => {
  const places = (path: string, marked: string): readonly string[] => {
    const asked = ask(path, marked);
    return definitionsInChart(asked.text, asked.offset, place(asked)).map(
      ({ uri, range }) => `${uri.replace('file:///work/', '')}:${range.start.line + 1}`,
    );
  };

  test('leads to the default in values.yaml', () => {
    expect(places('orders/templates/a.yaml', 'a: {{ .Values.image.ta|g }}\n')).toEqual(['orders/values.yaml:6']);
    expect(places('orders/templates/a.yaml', 'a: {{ .Values.ima|ge.tag }}\n')).toEqual(['orders/values.yaml:3']);
    expect(places('orders/values-prod.yaml', 'repli|cas: 9\n')).toEqual(['orders/values.yaml:2']);
    expect(places('orders/values-prod.yaml', 'cache:\n  po|rt: 1\n')).toEqual(['orders/charts/redis/values.yaml:1']);
  });

  test('leads from a dependency to its chart', () => {
    expect(places('orders/Chart.yaml', 'dependencies:\n  - name: re|dis\n')).toEqual([
      'orders/charts/redis/Chart.yaml:1',
    ]);
  });
});

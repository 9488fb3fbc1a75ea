import { describe, expect, it } from 'vitest';
import { INSPECTED_LENGTH, isWorthServing, judgeText } from '#client/documents/kubernetesText.ts';

const manifests: Readonly<Record<string, string>> = {
  'a plain object': 'apiVersion: v1\nkind: Service\n',
  'kind first, with CRLF': 'kind: Service\r\napiVersion: v1\r\n',
  'a list of objects': 'items:\n- apiVersion: v1\n  kind: Service\n',
  'flow style on one line': '{apiVersion: v1, kind: Service}',
  'quoted keys': '{"apiVersion": "v1", "kind": "Service"}',
  'a later document': 'a: 1\n---\napiVersion: v1\nkind: Service\n',
  'a chart template': '{{- if .Values.x }}\napiVersion: {{ .Values.api }}\nkind: Service\n{{- end }}',
  'broken indentation': 'apiVersion: v1\n   kind: Service\n -x',
  'a value that is still missing': 'apiVersion:\nkind:\n',
  'a byte order mark': '\uFEFFapiVersion: v1\nkind: Service\n',
};

const others: Readonly<Record<string, string>> = {
  'other YAML': 'services:\n  web:\n    image: nginx\n',
  'kind without apiVersion, among other keys': 'kind: pipeline\nname: default\n',
  'the words in comments': '# apiVersion: v1\n# kind: Service\nname: x\n',
  'the words in a sentence': 'text: set apiVersion and kind\n',
  'keys that only end in the words': 'myapiVersion: v1\nmykind: x\n',
  'keys that only begin with the words': 'apiVersions: v1\nkinds: x\n',
};

const blanks: Readonly<Record<string, string>> = {
  nothing: '',
  'comments and a marker': '# yaml-language-server\n\n---\n# more\n',
  'the first letters of apiVersion': 'apiV',
  'the first letters of kind': '---\nki',
  'apiVersion alone': 'apiVersion: kafka.strimzi.io/v1\n',
  'kind alone': 'kind: Kafka',
};

describe('judgeText', () => {
  it.each(Object.entries(manifests))('sees a manifest in %s', (_, text) => {
    expect(judgeText(text)).toBe('kubernetes');
  });

  it.each(Object.entries(others))('leaves %s alone', (_, text) => {
    expect(judgeText(text)).toBe('other');
    expect(isWorthServing(text)).toBe(false);
  });

  it.each(Object.entries(blanks))('takes %s for a file in which anything may be written', (_, text) => {
    expect(judgeText(text)).toBe('blank');
    expect(isWorthServing(text)).toBe(true);
  });

  it('does not look beyond its limit, however large a file is', () => {
    const filler = 'name: filler\n'.repeat(Math.ceil(INSPECTED_LENGTH / 13));
    expect(judgeText(`${filler}apiVersion: v1\nkind: Service\n`)).toBe('other');
  });
});

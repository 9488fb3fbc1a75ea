import { chartRules } from '#core/charts/rules/index.ts';
import { rules } from '#core/lint/rules/registry.ts';
import type { RuleInfo } from '#core/lint/rules/rule.ts';

const SERVER_YAML = 'kube-apiserver and kubectl read YAML with sigs.k8s.io/yaml (go-yaml v2 rules)';
const STRICT = 'kube-apiserver strict field validation, the default of kubectl since 1.25';
const DECODER =
  'kube-apiserver JSON decoding (Go types for built-in kinds, the structural schema for custom resources)';
const SCHEMA = 'structural schema of the kind; for built-in kinds the API validation of kube-apiserver';

/** The rules of the text, decode and schema layers, which are checked by those layers and not one by one. */
const layerRules: readonly RuleInfo[] = [
  { id: 'YAML01', title: 'The text is no valid YAML', severity: 'error', source: SERVER_YAML, fixable: false },
  {
    id: 'YAML02',
    title: 'A block stands in a column where no key can stand',
    severity: 'error',
    source: SERVER_YAML,
    fixable: true,
  },
  {
    id: 'YAML03',
    title: 'The document is too large, too deep or multiplied by aliases',
    severity: 'error',
    source: 'etcd request limit of 1.5 MiB; alias limits of go-yaml v2',
    fixable: false,
  },
  {
    id: 'DEC01',
    title: 'An unquoted word or number is no string to the server',
    severity: 'error',
    source: SERVER_YAML,
    fixable: true,
  },
  {
    id: 'DEC02',
    title: 'An unquoted key is renamed or refused by the server',
    severity: 'warning',
    source: SERVER_YAML,
    fixable: true,
  },
  {
    id: 'DEC03',
    title: 'A key stands twice in one object',
    severity: 'error',
    source: `${STRICT}; kubectl sends only the last one`,
    fixable: true,
  },
  { id: 'DEC04', title: 'A key is not a field of its object', severity: 'error', source: STRICT, fixable: true },
  { id: 'DEC05', title: 'A value has the wrong type', severity: 'error', source: DECODER, fixable: true },
  {
    id: 'DEC06',
    title: 'A value is no quantity',
    severity: 'error',
    source: 'k8s.io/apimachinery resource.Quantity',
    fixable: true,
  },
  { id: 'DEC07', title: 'A list item is null', severity: 'error', source: DECODER, fixable: false },
  {
    id: 'DEC08',
    title: 'No server has this apiVersion and kind',
    severity: 'error',
    source: 'API discovery of kube-apiserver; deprecation guide of Kubernetes',
    fixable: true,
  },
  { id: 'VAL01', title: 'A required field is missing', severity: 'error', source: SCHEMA, fixable: true },
  { id: 'VAL02', title: 'A value is not one of the supported ones', severity: 'error', source: SCHEMA, fixable: true },
  { id: 'VAL03', title: 'A number is out of range', severity: 'error', source: SCHEMA, fixable: false },
  {
    id: 'VAL04',
    title: 'A text, list or map is too long or too short',
    severity: 'error',
    source: SCHEMA,
    fixable: false,
  },
  { id: 'VAL05', title: 'A text does not have the demanded form', severity: 'error', source: SCHEMA, fixable: false },
  {
    id: 'VAL06',
    title: 'Two items of a list are the same',
    severity: 'error',
    source: 'list type validation of apiextensions-apiserver',
    fixable: false,
  },
  { id: 'VAL07', title: 'A combination of fields is not allowed', severity: 'error', source: SCHEMA, fixable: false },
  {
    id: 'CEL01',
    title: 'A condition of the schema does not hold',
    severity: 'error',
    source: 'x-kubernetes-validations of the kind, which apiextensions-apiserver evaluates after everything else',
    fixable: false,
  },
  { id: 'SUP01', title: 'A suppression suppresses nothing', severity: 'hint', source: 'this tool', fixable: true },
];

/** Every rule there is. */
export const ruleTable: readonly RuleInfo[] = [...layerRules, ...rules, ...chartRules];

const byId = new Map(ruleTable.map((rule) => [rule.id, rule]));

export function findRule(id: string): RuleInfo | undefined {
  return byId.get(id);
}

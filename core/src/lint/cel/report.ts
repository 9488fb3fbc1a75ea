import type { ConditionFailure, ConditionSite, LoadConditions } from '#core/lint/cel/conditions.ts';
import { escapeField } from '#core/lint/cel/escape.ts';
import type { Cause, Finding } from '#core/lint/finding.ts';
import { toPath, type StructureContext } from '#core/lint/structure/context.ts';
import { describeCondition } from '#core/schema/conditionTexts.ts';
import type { TextRange } from '#core/text/range.ts';
import { findEntry, resolveAlias, type YamlNode, type YamlPath } from '#core/yaml/nodes.ts';
import { formatPath } from '#core/yaml/path.ts';

const CAUSES: Readonly<Record<string, Cause>> = {
  FieldValueRequired: 'required',
  FieldValueForbidden: 'forbidden',
  FieldValueDuplicate: 'duplicate',
};

/** Classes of errors after which the server asks no conditions any more (hasBlockingErr of apiextensions-apiserver). */
const BLOCKING: ReadonlySet<Cause | undefined> = new Set<Cause>([
  'required',
  'unsupported',
  'tooLong',
  'tooMany',
  'typeInvalid',
]);

/** Collects what the conditions of one object are asked about while its structure is checked, and then asks them. */
export class ConditionCollector {
  readonly #context: StructureContext;
  readonly #sites: ConditionSite[] = [];
  readonly #told: TextRange[] = [];
  #isBlocked = false;

  constructor(context: StructureContext) {
    this.#context = context;
  }

  /** The context for the checks that come first. */
  listen(): StructureContext {
    return {
      ...this.#context,
      report: (finding) => {
        this.#note(finding);
        this.#context.report(finding);
      },
      meetConditions: (node, schema, holder) => this.#sites.push({ node, schema, holder }),
    };
  }

  check(load: LoadConditions): void {
    if (this.#sites.length === 0 || this.#isBlocked || this.#context.completeness === 'partial') return;
    for (const failure of load().findFailures(this.#sites, this.#context.isTemplated)) {
      const finding = toFinding(failure);
      if (!this.#isTold(failure, finding)) this.#context.report(finding);
    }
  }

  #note({ code, cause, severity, range }: Finding): void {
    if (severity === 'error') this.#told.push(range);
    if (/^(?:YAML|DEC|VAL0[124])/.test(code)) this.#isBlocked = true;
    if (code.startsWith('META') && BLOCKING.has(cause)) this.#isBlocked = true;
  }

  /** A condition about one value is not told where something else is wrong with that value already. */
  #isTold({ subject, site }: ConditionFailure, { range }: Finding): boolean {
    if (subject === undefined && site.node.kind !== 'scalar') return false;
    return this.#told.some(({ start, end }) => start === range.start && end === range.end);
  }
}

function toFinding(failure: ConditionFailure): Finding {
  const { site, rule } = failure;
  const steps = toPath(site.holder.place);
  const field = parseFieldPath(rule.fieldPath ?? '');
  const place = formatPath([...steps, ...(failure.subject ?? [])]);
  const path = formatPath([...steps, ...field]) || '<nil>';
  return {
    code: 'CEL01',
    severity: 'error',
    message: `${describeFailure(failure)} The API server refuses the object.`,
    path,
    ...(place === path ? {} : { place }),
    range: rangeOf(failure, field),
    cause: CAUSES[rule.reason ?? ''] ?? 'invalid',
    refused: 'atOnce',
  };
}

function describeFailure({ rule, message, problem }: ConditionFailure): string {
  const text = plainText(message ?? describeCondition(rule) ?? '');
  if (text !== '') return /[.!?]$/.test(text) ? text : `${text}.`;
  const condition = `The condition ${plainText(rule.rule)} of the schema`;
  return problem === undefined
    ? `${condition} does not hold here.`
    : `${condition} cannot be computed here (${plainText(problem)}).`;
}

const TEXT_LIMIT = 1_000;

/** Rules come from files and clusters: what is shown of them is one line without anything that a terminal would obey. */
function plainText(text: string): string {
  const line = text
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replaceAll(/ {2,}/g, ' ')
    .trim();
  return line.length > TEXT_LIMIT ? `${line.slice(0, TEXT_LIMIT)}...` : line;
}

/** The steps of `.spec.x` or `.labels['a.b']`. */
function parseFieldPath(text: string): YamlPath {
  return [...text.matchAll(/\.([A-Za-z_]\w*)|\['((?:[^'\\]|\\.)*)'\]/g)].map(
    ([, name, quoted = '']) => name ?? quoted.replaceAll(/\\(.)/g, '$1'),
  );
}

/** The value that the condition is about, where it is about one; otherwise the key that holds the object. */
function rangeOf({ site, subject }: ConditionFailure, field: YamlPath): TextRange {
  const { node, holder } = site;
  const steps = field.length > 0 ? field.map(String) : subject;
  const written = steps && writtenAt(node, steps);
  if (written) return written;
  const content = resolveAlias(node);
  if (!content || content.kind === 'scalar') return node.range;
  const first = content.kind === 'map' ? content.entries[0]?.key.range : undefined;
  return holder.entry?.key.range ?? first ?? holder.anchor;
}

/** The range of a scalar, or the key of what is no scalar. */
function writtenAt(node: YamlNode, steps: readonly string[]): TextRange | undefined {
  let current: YamlNode | undefined = node;
  let key: TextRange | undefined;
  for (const step of steps) {
    const content = resolveAlias(current);
    if (content?.kind !== 'map') return undefined;
    const entry =
      findEntry(content, step) ?? content.entries.find((candidate) => escapeField(candidate.key.text) === step);
    if (!entry) return undefined;
    current = entry.value;
    key = entry.key.range;
  }
  return resolveAlias(current)?.kind === 'scalar' ? current?.range : key;
}

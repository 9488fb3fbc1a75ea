import { fingerprint } from '#core/lint/baseline.ts';
import { ruleTable } from '#core/lint/codes.ts';
import { placedEdits } from '#core/lint/engine.ts';
import type { Severity } from '#core/lint/finding.ts';
import type { RuleInfo } from '#core/lint/rules/rule.ts';
import type { LineIndex } from '#core/text/lines.ts';
import type { TextRange } from '#core/text/range.ts';
import {
  compareReported,
  compareText,
  type LintReport,
  type ReportedFinding,
  type ReportedText,
  type ReportWriter,
} from '#server/cli/writers/report.ts';

/** SARIF 2.1.0 with exact regions, fingerprints that survive edits elsewhere, fixes, and what was suppressed marked as such. */
export const writeSarif: ReportWriter = (report, options) => {
  const results = [...report.findings, ...report.silenced].toSorted(compareReported);
  const rules = usedRules(results);
  const indexes = new Map(rules.map((rule, index) => [rule.id, index]));
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'data-clusters',
            semanticVersion: options.version,
            rules: rules.map(describeRule),
          },
        },
        columnKind: 'utf16CodeUnits',
        artifacts: report.files.map((file) => ({ location: { uri: toUri(file) } })),
        results: results.map((reported) => describeResult(reported, indexes, report)),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
};

const LEVELS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', hint: 'note' };

/** Metadata of the rules that have a result; a code without an entry still gets one, so that every index is valid. */
function usedRules(results: readonly ReportedFinding[]): readonly (Pick<RuleInfo, 'id'> & Partial<RuleInfo>)[] {
  const known = new Map(ruleTable.map((rule) => [rule.id, rule]));
  const used = new Set(results.map(({ finding }) => finding.code));
  return [...used].toSorted(compareText).map((id) => known.get(id) ?? { id });
}

function describeRule(rule: Pick<RuleInfo, 'id'> & Partial<RuleInfo>): object {
  return {
    id: rule.id,
    ...(rule.title === undefined ? {} : { shortDescription: { text: rule.title } }),
    ...(rule.severity === undefined ? {} : { defaultConfiguration: { level: LEVELS[rule.severity] } }),
    ...(rule.source === undefined ? {} : { properties: { source: rule.source } }),
  };
}

function describeResult(reported: ReportedFinding, indexes: ReadonlyMap<string, number>, report: LintReport): object {
  const { finding, file } = reported;
  const source = report.texts.get(file);
  return {
    ruleId: finding.code,
    ruleIndex: indexes.get(finding.code) ?? -1,
    level: LEVELS[finding.severity],
    message: { text: finding.message },
    locations: [describeLocation(reported)],
    partialFingerprints: { 'dataClusters/v1': fingerprint(finding, file) },
    ...(source ? describeRelated(reported, source) : {}),
    ...(source ? describeFixes(reported, source) : {}),
    ...describeSilencing(reported),
  };
}

function describeLocation({ finding, file, start, end }: ReportedFinding): object {
  const { resource } = finding;
  const name = resource && `${resource.kind}/${resource.name}`;
  return {
    physicalLocation: {
      artifactLocation: { uri: toUri(file) },
      region: {
        startLine: start.line + 1,
        startColumn: start.character + 1,
        endLine: end.line + 1,
        endColumn: end.character + 1,
      },
    },
    ...(name === undefined
      ? {}
      : {
          logicalLocations: [
            { fullyQualifiedName: finding.path === '' ? name : `${name}/${finding.path}`, kind: 'object' },
          ],
        }),
  };
}

function describeRelated({ finding, file }: ReportedFinding, source: ReportedText): object {
  const places = (finding.related ?? []).filter((place) => place.file === undefined);
  if (places.length === 0) return {};
  return {
    relatedLocations: places.map((place) => ({
      message: { text: place.message },
      physicalLocation: { artifactLocation: { uri: toUri(file) }, region: toRegion(place.range, source.lines) },
    })),
  };
}

function describeFixes({ finding, file }: ReportedFinding, source: ReportedText): object {
  const fixes = finding.fixes?.() ?? [];
  if (fixes.length === 0) return {};
  return {
    fixes: fixes.map((fix) => ({
      description: { text: fix.title },
      artifactChanges: [
        {
          artifactLocation: { uri: toUri(file) },
          replacements: placedEdits(finding, fix).map((edit) => ({
            deletedRegion: toRegion(edit.range, source.lines),
            insertedContent: { text: edit.newText },
          })),
        },
      ],
    })),
  };
}

function describeSilencing({ silencing }: ReportedFinding): object {
  if (!silencing) return {};
  const kind = silencing.kind === 'inSource' ? 'inSource' : 'external';
  const justification = silencing.reason === '' ? {} : { justification: silencing.reason };
  return { suppressions: [{ kind, status: 'accepted', ...justification }] };
}

function toRegion(range: TextRange, lines: LineIndex): object {
  const { start, end } = lines.toPositions(range);
  return {
    startLine: start.line + 1,
    startColumn: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
  };
}

/** A relative reference, so that the report means the same on every machine. */
function toUri(file: string): string {
  return file
    .split('/')
    .map(encodeURIComponent)
    .join('/')
    .replace(/^([A-Za-z])%3A\//, 'file:///$1:/');
}

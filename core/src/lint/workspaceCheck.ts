import type { DocumentAnalysis, LintContext } from '#core/lint/analyze.ts';
import type { Finding } from '#core/lint/finding.ts';
import { viewObject, type ObjectView } from '#core/lint/rules/object.ts';
import { rules } from '#core/lint/rules/registry.ts';
import { runWorkspaceRules } from '#core/lint/rules/runRules.ts';
import type { WorkspaceRule } from '#core/lint/rules/rule.ts';
import type { ObjectFacts } from '#core/workspace/facts.ts';
import type { WorkspaceIndex } from '#core/workspace/index.ts';
import { factsOf } from '#core/workspace/readFacts.ts';
import { WorkspaceView } from '#core/workspace/view.ts';
import { nodeAt } from '#core/yaml/nodes.ts';
import type { YamlDocument } from '#core/yaml/parse.ts';

/** A document with what is known of it alone. */
export interface CheckedDocument {
  readonly document: YamlDocument;
  readonly analysis: DocumentAnalysis;
}

/** Where a file stands among others. */
export interface WorkspacePlace {
  readonly uri: string;
  readonly index: WorkspaceIndex;
}

const workspaceRules: readonly WorkspaceRule[] = rules.filter((rule) => rule.subject === 'workspace');

/** Codes of the rules that need a workspace to run. */
export const workspaceCodes: ReadonlySet<string> = new Set(workspaceRules.map(({ id }) => id));

const replacedCodes = new Map(workspaceRules.map(({ id, inPlaceOf = [] }) => [id, inPlaceOf]));

/** What was found in a document, and the state of everything that was looked at for it. */
interface RememberedCheck {
  readonly place: WorkspacePlace;
  readonly generations: ReadonlyMap<string, number>;
  readonly findings: readonly Finding[];
}

/** Runs the rules about objects among others and runs them again only when something they looked at has changed. */
export class WorkspaceChecker {
  readonly #context: LintContext;
  readonly #checks = new WeakMap<YamlDocument, RememberedCheck>();

  constructor(context: LintContext) {
    this.#context = context;
  }

  /** Findings relative to the document. */
  check(slice: CheckedDocument, place: WorkspacePlace): readonly Finding[] {
    const known = this.#checks.get(slice.document);
    if (known && isSame(known.place, place) && isCurrent(known)) return known.findings;
    const topics = new Set<string>();
    const findings = this.#run(slice, place, topics);
    const generations = new Map([...topics].map((topic) => [topic, place.index.generationOf(topic)]));
    this.#checks.set(slice.document, { place, generations, findings });
    return findings;
  }

  /** Whether the last check of a document still holds. */
  isCurrent(slice: CheckedDocument, place: WorkspacePlace): boolean {
    const known = this.#checks.get(slice.document);
    return known !== undefined && isSame(known.place, place) && isCurrent(known);
  }

  #run(slice: CheckedDocument, { uri, index }: WorkspacePlace, topics: Set<string>): readonly Finding[] {
    if (!isReadable(slice)) return [];
    const findings: Finding[] = [];
    const levels = this.#context.settings.rules;
    for (const facts of factsOf(slice.document).objects) {
      const object = this.#viewObject(slice, facts);
      if (!object) continue;
      runWorkspaceRules(workspaceRules, object, new WorkspaceView(facts, uri, index, topics), (finding) => {
        const level = levels[finding.code];
        if (level === undefined) findings.push(finding);
        else if (level !== 'off') findings.push({ ...finding, severity: level });
      });
    }
    return withoutReplaced(findings);
  }

  #viewObject({ document, analysis }: CheckedDocument, facts: ObjectFacts): ObjectView | undefined {
    const { catalog, settings } = this.#context;
    const [, index] = /^items\[(\d+)\]$/.exec(facts.prefix) ?? [];
    const version = facts.apiVersion.split('/').at(-1) ?? '';
    const kind = index === undefined ? analysis.kind : catalog.find({ group: facts.group, version, kind: facts.kind });
    if (!kind) return undefined;
    return viewObject({
      kind,
      node: index === undefined ? document.root : nodeAt(document.root, ['items', Number(index)]),
      link: index === undefined ? undefined : { parent: { parent: undefined, step: 'items' }, step: Number(index) },
      text: document.text,
      kubernetesVersion: settings.kubernetesVersion,
      source: { isPartial: false, isTemplated: () => false },
    });
  }
}

function withoutReplaced(findings: readonly Finding[]): readonly Finding[] {
  const replaced = new Set(
    findings.flatMap(({ code, path }) => (replacedCodes.get(code) ?? []).map((other) => `${other} ${path}`)),
  );
  return findings.filter(({ code, path }) => !replaced.has(`${code} ${path}`));
}

/** Broken text and blocks in wrong places: what the object says in the end is not known then. */
function isReadable({ document, analysis }: CheckedDocument): boolean {
  return !document.recovered && analysis.root === document.root;
}

function isSame(a: WorkspacePlace, b: WorkspacePlace): boolean {
  return a.uri === b.uri && a.index === b.index;
}

function isCurrent({ place, generations }: RememberedCheck): boolean {
  return [...generations].every(([topic, generation]) => place.index.generationOf(topic) === generation);
}

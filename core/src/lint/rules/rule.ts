import type { Cause, Fix, Severity } from '#core/lint/finding.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import type { ObjectView } from '#core/lint/rules/object.ts';
import type { PodView } from '#core/lint/rules/pods.ts';
import type { TextRange } from '#core/text/range.ts';
import type { FactPlace } from '#core/workspace/facts.ts';
import type { IndexedObject } from '#core/workspace/fileFacts.ts';
import type { WorkspaceView } from '#core/workspace/view.ts';

/** What is known of a rule apart from the code that checks it. */
export interface RuleInfo {
  /** Never reused, also not after a rule is gone. */
  readonly id: string;
  /** What is wrong, as a short sentence without a full stop. */
  readonly title: string;
  readonly severity: Severity;
  /** Who refuses what the rule finds, and where that is written. */
  readonly source: string;
  /** First and last Kubernetes minor the rule holds for; absent when it always does. */
  readonly since?: string;
  readonly until?: string;
  readonly fixable: boolean;
}

/** One thing a rule has found. The engine adds the code, the range, and who refuses it. */
export interface RuleHit {
  /** The value that is wrong, or the one that is missing. */
  readonly at: NodeView;
  /** What stands there and what is wrong with it, in whole sentences. What the server does with it is added. */
  readonly message: string;
  /** How the server classes it. */
  readonly cause: Cause;
  /** As the server prints it, where that is not the path of `at`. */
  readonly path?: string;
  /** What to underline, where that is not the range of `at`: the key of a label, a line of a file. */
  readonly range?: TextRange;
  /** When it differs from the rule's. */
  readonly severity?: Severity;
  /** Whether the server refuses the object, or takes it and refuses what is made from it; when left out, it goes by the kind of the object. */
  readonly refused?: 'atOnce' | 'later';
  readonly fixes?: () => readonly Fix[];
  /** Whether to offer that `at`, a field that is absent, is added to its object. */
  readonly offersToAdd?: boolean;
  readonly related?: readonly (RelatedNode | RelatedObject)[];
}

export interface RelatedNode {
  readonly at: NodeView;
  readonly message: string;
}

/** Another object of the workspace, shown at its name. */
export interface RelatedObject {
  readonly object: IndexedObject;
  /** The place to show, when it is not the name. */
  readonly place?: FactPlace;
  readonly message: string;
}

export type Report = (hit: RuleHit) => void;

interface RuleBase extends RuleInfo {
  /** Why it matters, in a few sentences for the page of the rule. Markdown. */
  readonly why: string;
  /**
   * Who acts on what the rule finds. `server`: the API server refuses the object (or, for pods of kinds it does not look into, their
   * pods). `nobody`: the message says by itself what happens.
   */
  readonly refusedBy: 'server' | 'nobody';
}

/** A rule about a whole object. */
export interface ObjectRule extends RuleBase {
  readonly subject: 'object';
  /** Group and kind, `apps/StatefulSet`, `/Service`; every kind when left out. */
  readonly kinds?: readonly string[];
  /** Whether it is also asked about versions of its kinds that no schema describes; most rules could only guess there. */
  readonly anyVersion?: true;
  readonly check: (object: ObjectView, report: Report) => void;
}

/** A rule about a pod, on its own or as the template of a workload. */
export interface PodRule extends RuleBase {
  readonly subject: 'pod';
  readonly check: (pod: PodView, report: Report) => void;
}

/** A rule about an object among the others of the workspace. It says nothing where what it would need may be missing. */
export interface WorkspaceRule extends RuleBase {
  readonly subject: 'workspace';
  readonly kinds?: readonly string[];
  /** Codes of rules whose findings at the same path it takes the place of, because it knows more. */
  readonly inPlaceOf?: readonly string[];
  readonly check: (object: ObjectView, workspace: WorkspaceView, report: Report) => void;
}

export type Rule = ObjectRule | PodRule | WorkspaceRule;

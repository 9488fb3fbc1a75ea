import type {
  CodeAction,
  CodeLens,
  CompletionList,
  DocumentSymbol,
  FoldingRange,
  Hover,
  SelectionRange,
} from 'vscode-languageserver-types';
import type { ChartPlace } from '#core/charts/checkChartFile.ts';
import { offerInChart } from '#core/language/charts/completion.ts';
import { describeInChart } from '#core/language/charts/hover.ts';
import { provideCodeActions, type CodeActionRequest } from '#core/language/codeActions.ts';
import { codeLensesOf } from '#core/language/codeLenses.ts';
import { offerCompletions, toCompletionList, type CompletionClient } from '#core/language/completion/completion.ts';
import { foldingOf } from '#core/language/folding.ts';
import { describeAt, plainHover } from '#core/language/hover/hover.ts';
import { outlineOf } from '#core/language/outline/outline.ts';
import { selectionAt } from '#core/language/selection.ts';
import type { DocumentView } from '#core/language/view.ts';
import type { LintContext } from '#core/lint/engine.ts';
import type { DescriptionBook } from '#core/schema/descriptions.ts';
import type { LineIndex } from '#core/text/lines.ts';
import type { WorkspaceIndex } from '#core/workspace/index.ts';

/** What a completion is made from; the text need not have been checked before. */
export interface CompletionRequest {
  readonly text: string;
  readonly lines: LineIndex;
  readonly offset: number;
  readonly context: LintContext;
  readonly descriptions: DescriptionBook | undefined;
  /** Whether a key brings the required keys below it. */
  readonly insertRequired: boolean;
  readonly client: CompletionClient;
  /** The Helm chart the file belongs to. */
  readonly chart: ChartPlace | undefined;
  /** Whether a dot was typed just now, which asks for something only in templates of charts. */
  readonly isAfterDot: boolean;
}

/** What a hover is made with. */
export interface HoverRequest {
  readonly book: DescriptionBook | undefined;
  readonly asMarkdown: boolean;
  readonly chart: ChartPlace | undefined;
}

/** Every feature of the editor, built once and handed to each other here and nowhere else. */
export class LanguageService {
  readonly #workspace: WorkspaceIndex;

  constructor(workspace: WorkspaceIndex) {
    this.#workspace = workspace;
  }

  complete(request: CompletionRequest): CompletionList | null {
    const { text, lines, offset, context, descriptions, insertRequired, client } = request;
    const { catalog, settings } = context;
    const { kubernetesVersion } = settings;
    const inChart = request.chart ? offerInChart(text, offset, request.chart) : 'elsewhere';
    if (typeof inChart === 'object') return toCompletionList(inChart, lines, client);
    if (inChart === 'nothing' || request.isAfterDot) return null;
    const sources = {
      catalog,
      workspace: this.#workspace,
      insertRequired,
      kubernetesVersion,
      ...(descriptions ? { descriptions } : {}),
    };
    const offer = offerCompletions(text, offset, sources);
    return offer ? toCompletionList(offer, lines, client) : null;
  }

  hover(view: DocumentView, offset: number, { book, asMarkdown, chart }: HoverRequest): Hover | null {
    const inChart = chart && describeInChart(view.text, offset, chart);
    const found = inChart ?? describeAt(view, offset, book);
    if (!found) return null;
    const value = asMarkdown ? found.markdown : plainHover(found.markdown);
    return {
      contents: { kind: asMarkdown ? 'markdown' : 'plaintext', value },
      range: view.lines.toPositions(found.range),
    };
  }

  codeActions(request: CodeActionRequest): readonly CodeAction[] {
    return provideCodeActions(request);
  }

  symbols(view: DocumentView): readonly DocumentSymbol[] {
    return outlineOf(view);
  }

  folding(view: DocumentView): readonly FoldingRange[] {
    return foldingOf(view);
  }

  selection(view: DocumentView, offsets: readonly number[]): readonly SelectionRange[] {
    return offsets.map((offset) => selectionAt(view, offset));
  }

  codeLenses(view: DocumentView): readonly CodeLens[] {
    return codeLensesOf(view);
  }
}

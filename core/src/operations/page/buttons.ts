import { element, type DetailElement } from '#core/live/detail/html.ts';

/** What the pages of operations can ask for. */
const pageActions = [
  'run',
  'exportPlan',
  'exportFiles',
  'close',
  'pause',
  'cancel',
  'leave',
  'resume',
  'putBack',
  'report',
  'connect',
] as const;

export type PageAction = (typeof pageActions)[number];

export function isPageAction(value: unknown): value is PageAction {
  return pageActions.some((action) => action === value);
}

export interface PageButton {
  readonly action: PageAction;
  readonly title: string;
  /** Chosen by Escape, and by Enter as long as nothing else was chosen. */
  readonly isDefault?: boolean;
  /** Why it cannot be used, a sentence that is shown beside the buttons. */
  readonly refusal?: string | undefined;
  /** Not what the page is for. */
  readonly isQuiet?: boolean;
}

/**
 * Buttons in a row. One that cannot be used can still be reached, so that its reason is read out. The row takes the focus when the button
 * that had it is gone.
 */
export function buttonRow(buttons: readonly PageButton[]): DetailElement {
  const reasons = [...new Set(buttons.flatMap(({ refusal }) => (refusal === undefined ? [] : [refusal])))];
  return element(
    'div',
    { class: 'actions', role: 'group', 'aria-label': 'Actions', 'data-key': 'actions', tabindex: -1 },
    buttons.map((button) => buttonOf(button, reasons)),
    reasons.map((reason, index) => element('p', { class: 'refusal', id: `refusal-${index}` }, reason)),
  );
}

function buttonOf(
  { action, title, isDefault, refusal, isQuiet }: PageButton,
  reasons: readonly string[],
): DetailElement {
  return element(
    'button',
    {
      type: 'button',
      class: isQuiet === true ? 'quiet' : undefined,
      'data-action': action,
      'data-key': action,
      'data-default': isDefault === true ? 'true' : undefined,
      'aria-disabled': refusal === undefined ? undefined : 'true',
      'aria-describedby': refusal === undefined ? undefined : `refusal-${reasons.indexOf(refusal)}`,
    },
    title,
  );
}

import { element, type DetailElement } from '#core/live/detail/html.ts';
import { section } from '#core/live/detail/parts.ts';
import { counted } from '#core/live/plainText.ts';
import type { PlannedChange } from '#core/operations/model.ts';
import { clean } from '#core/operations/page/words.ts';
import { changeWords } from '#core/operations/report.ts';

/** What becomes of each object; its fields can be opened. */
export function changeSection(changes: readonly PlannedChange[] | undefined): DetailElement | undefined {
  if (changes === undefined) return undefined;
  return section(
    'changes',
    `What changes: ${counted(changes.length, 'object')}`,
    changes.length === 0
      ? element('p', {}, 'Every object is already as it will be.')
      : element('ul', { class: 'evidence' }, changes.map(changeItem)),
  );
}

function changeItem({ title, how, fields }: PlannedChange): DetailElement {
  const head = [element('strong', {}, clean(title)), ` is ${changeWords[how]}`];
  if (fields.length === 0) return element('li', { 'data-key': clean(title) }, head);
  const list = element(
    'ul',
    {},
    fields.map((field) => element('li', {}, clean(field))),
  );
  return element(
    'li',
    { 'data-key': clean(title) },
    element(
      'details',
      { 'data-key': 'fields' },
      element('summary', {}, head, `, ${counted(fields.length, 'field')}`),
      list,
    ),
  );
}

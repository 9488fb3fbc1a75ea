import { expect, test } from 'vitest';
import { readLevel } from '#core/live/logs/lineLevel.ts';

test.each([
  ['{"level":"error","ts":"2026","msg":"Reconciler error","error":"boom"}', 'error', 'Reconciler error: boom'],
  ['{"severity":"WARNING","message":"slow"}', 'warning', 'slow'],
  ['{"level":"info","msg":"ERROR count is 0"}', 'other', 'ERROR count is 0'],
  ['{"level":', 'none', '{"level":'],
  [
    'time="2026-01-01T00:00:00Z" level=error msg="cannot \\"sync\\"" error="no pod"',
    'error',
    'cannot \\"sync\\": no pod',
  ],
  ['level=info msg=ok', 'other', 'ok'],
  ['E0824 12:00:01.123456       1 reflector.go:147] Failed to watch', 'error', 'Failed to watch'],
  ['I0824 12:00:01.123456       1 main.go:1] ERROR budget is fine', 'other', 'ERROR budget is fine'],
  [
    '2026-08-24 12:00:01 ERROR AbstractOperator:284 - Reconciliation failed',
    'error',
    'AbstractOperator:284 - Reconciliation failed',
  ],
  ['2026-08-24T12:00:01.000Z\tERROR\tcontroller\tcannot submit', 'error', 'controller\tcannot submit'],
  [
    '2026-08-24T12:00:01Z\tERROR\tReconciler error\t{"controller": "tfjob", "reconcileID": "f7e7", "error": "cannot be fulfilled"}',
    'error',
    'Reconciler error: cannot be fulfilled',
  ],
  ['2026-08-24T12:00:01Z\tERROR\tno error\t{"name": "mnist"}', 'error', 'no error\t{"name": "mnist"}'],
  ['2026-08-24T12:00:01Z\tERROR\tcut off\t{"name": "mni', 'error', 'cut off\t{"name": "mni'],
  ['26/08/24 11:58:02 WARN Client: slow', 'warning', 'Client: slow'],
  ['[ERROR] broken', 'error', 'broken'],
  ['Error budgets are fine', 'none', 'Error budgets are fine'],
  ['the last ERROR was long ago', 'none', 'the last ERROR was long ago'],
  ['', 'none', ''],
])('%s', (line, level, text) => {
  expect(readLevel(line)).toEqual({ level, text });
});

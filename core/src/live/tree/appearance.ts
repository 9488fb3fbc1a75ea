import type { RowIcon } from '#core/live/tree/row.ts';
import type { HealthLevel } from '#core/live/model.ts';
import type { SystemId } from '#core/systems/contract.ts';

interface LevelLook {
  /** For screen readers and tooltips. */
  readonly word: string;
  readonly icon: RowIcon;
}

/** Every level has a shape of its own, so that colour is never all there is to tell it by. */
const levels: Readonly<Record<HealthLevel, LevelLook>> = {
  healthy: { word: 'healthy', icon: { id: 'pass', color: 'testing.iconPassed' } },
  done: { word: 'finished', icon: { id: 'check-all', color: 'testing.iconPassed' } },
  working: { word: 'working', icon: { id: 'sync', color: 'charts.blue' } },
  unknown: { word: 'not known', icon: { id: 'question', color: 'disabledForeground' } },
  warning: { word: 'warning', icon: { id: 'warning', color: 'problemsWarningIcon.foreground' } },
  unhealthy: { word: 'unhealthy', icon: { id: 'error', color: 'problemsErrorIcon.foreground' } },
};

const systemIcons: Readonly<Record<SystemId, string>> = {
  cassandra: 'database',
  kafka: 'broadcast',
  spark: 'flame',
  tfjob: 'mortar-board',
};

export function levelWord(level: HealthLevel): string {
  return levels[level].word;
}

export function levelIcon(level: HealthLevel): RowIcon {
  return levels[level].icon;
}

/** A healthy data cluster is recognised by its system; of every other one the shape says what is wrong. */
export function systemIcon(system: SystemId, level: HealthLevel): RowIcon {
  return level === 'healthy' ? { ...levels.healthy.icon, id: systemIcons[system] } : levels[level].icon;
}

/** Whether somebody should look at it. */
export function needsAttention(level: HealthLevel): boolean {
  return level === 'warning' || level === 'unhealthy';
}

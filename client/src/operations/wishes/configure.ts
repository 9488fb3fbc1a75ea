import type { Asker } from '#client/operations/asker.ts';
import type { WishSubject } from '#client/operations/wishes/parts.ts';
import type { SettingsSource } from '#client/operations/wishes/settingsInText.ts';
import type { ConfigureWish } from '#core/operations/wishes.ts';

type Settings = Record<string, string | null>;

const SETTING = /^\s*([\w.-]+)\s*(?:=(.*))?$/;

/** Settings by hand, or those of a document that is open. `sources` are the documents that have some. */
export async function askConfigure(
  { data, member }: WishSubject,
  sources: readonly SettingsSource[],
  asker: Asker,
): Promise<ConfigureWish | undefined> {
  const title = `Apply configuration to ${member ?? data.name}`;
  const choices = [
    { label: 'Enter names and values…', value: undefined },
    ...sources.map((source) => ({
      label: `Take them from ${source.title}…`,
      description: `${source.settings.length} settings`,
      value: source,
    })),
  ].map(({ value, ...choice }) => ({ ...choice, value: { source: value } }));
  const from = sources.length === 0 ? { source: undefined } : await asker.pick(title, choices);
  if (!from) return undefined;
  const settings = from.source ? await chooseFrom(from.source, title, asker) : await enter(title, asker);
  if (!settings || Object.keys(settings).length === 0) return undefined;
  return { operation: 'configure', settings, ...(member === undefined ? {} : { member }) };
}

async function chooseFrom({ settings }: SettingsSource, title: string, asker: Asker): Promise<Settings | undefined> {
  const choices = settings.map(([name, value]) => ({ label: name, description: value, value: [name, value] as const }));
  const picked = await asker.pickMany(`${title}: which settings?`, choices);
  return picked && Object.fromEntries(picked);
}

/** One after the other, until nothing more is entered. */
async function enter(title: string, asker: Asker): Promise<Settings | undefined> {
  const settings: Settings = {};
  for (;;) {
    const names = Object.keys(settings);
    const text = await asker.input({
      title,
      prompt:
        names.length === 0
          ? 'A setting as name=value, or a name alone to take the setting away.'
          : `Entered: ${names.map((name) => describe(name, settings[name])).join(', ')}. Another one, or nothing to plan with these.`,
      placeholder: 'min.insync.replicas=2',
      validate: (typed) =>
        typed.trim() === '' || SETTING.test(typed) ? undefined : 'Write name=value, or a name alone.',
    });
    if (text === undefined) return undefined;
    if (text.trim() === '') return settings;
    const [, name = '', value] = SETTING.exec(text) ?? [];
    settings[name] = value === undefined ? null : value.trim();
  }
}

function describe(name: string, value: string | null | undefined): string {
  return value === null || value === undefined ? `${name} taken away` : `${name}=${value}`;
}

import { placesOfLabel } from '#core/language/navigation/labelPlaces.ts';
import { placesOfName } from '#core/language/navigation/namePlaces.ts';
import { symbolAt, type SymbolAt } from '#core/language/navigation/symbol.ts';
import { uniquePlaces, type NavigationWorld, type SymbolPlace } from '#core/language/navigation/world.ts';

/** A name with every place it stands in. */
export interface FoundSymbol {
  readonly at: SymbolAt;
  readonly places: readonly SymbolPlace[];
}

/** The name at an offset and all its places; undefined where no name is that others may use. */
export function findSymbol(world: NavigationWorld, offset: number): FoundSymbol | undefined {
  const at = symbolAt(world, offset);
  if (!at) return undefined;
  if (!world.isManifest && !isKnownInTemplates(at, world)) return undefined;
  const places = at.kind === 'label' ? placesOfLabel(at, world) : placesOfName(at.object, at.occurrence, world);
  return { at, places: uniquePlaces(world.isManifest ? places : places.filter((place) => hasName(place, at, world))) };
}

/** Names inside a pod, unless a template action is a part of them: such names were read from a text with the actions masked. */
function isKnownInTemplates(at: SymbolAt, world: NavigationWorld): boolean {
  if (at.kind === 'label' || (at.occurrence.symbol !== 'volume' && at.occurrence.symbol !== 'container')) return false;
  return hasName(at, at, world);
}

function hasName({ range }: Pick<SymbolPlace, 'range'>, at: SymbolAt, { text }: NavigationWorld): boolean {
  return at.kind === 'name' && text.slice(range.start, range.end) === at.occurrence.name;
}

import manifest from '../../package.json' with { type: 'json' };

/** The version of this product, as its manifest states it. */
export const PRODUCT_VERSION: string = manifest.version;

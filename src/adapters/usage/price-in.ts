interface PriceDimension {
  readonly beginRange?: string;
  readonly pricePerUnit: { readonly USD?: string };
}

/** A file of the Price List Bulk API, as far as it is read. Source: AWS, "Reading an offer file". */
export interface PriceList {
  readonly products: Readonly<Record<string, { readonly attributes: Readonly<Record<string, string>> }>>;
  readonly terms: {
    readonly OnDemand?: Readonly<
      Record<string, Readonly<Record<string, { readonly priceDimensions: Readonly<Record<string, PriceDimension>> }>>>
    >;
  };
}

/**
 * USD of a unit of the product whose attribute matches, on demand and in its first tier. Throws an Error where there is
 * none.
 */
export function priceIn({ products, terms }: PriceList, attribute: string, value: RegExp): number {
  for (const [sku, { attributes }] of Object.entries(products)) {
    // What is free is listed of no region.
    if (!value.test(attributes[attribute] ?? '') || attributes.location === 'Any') continue;
    const dimensions = Object.values(terms.OnDemand?.[sku] ?? {}).flatMap((term) =>
      Object.values(term.priceDimensions),
    );
    const first = dimensions.find(({ beginRange = '0' }) => beginRange === '0');
    const usd = Number(first?.pricePerUnit.USD);
    if (usd > 0) return usd;
  }
  throw new Error(`the price list has nothing whose ${attribute} is ${value.source}: AWS may have changed it`);
}

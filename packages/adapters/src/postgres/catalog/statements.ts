/**
 * The statements of the catalogue. Every insert takes parallel arrays with each key once and writes
 * in the order of the keys, so that two saves that overlap wait for each other only one way round.
 */
import type { Statement } from "../Database.ts"

/** SKUs. One row per price; a product without prices has one row with nulls. */
export const products: Statement = {
  name: "catalog_products",
  text: `select p.sku, p.name, p.kind, p.listed, p.tax_category, p.categories, p.purchase_limit,
      c.currency, c.kind as price_kind, c.valid_from, c.valid_to, c.amount::text as amount,
      c.min_unit_price::text as min_unit_price
    from catalog.products p
    left join catalog.prices c on c.sku = p.sku
    where p.sku = any ($1::text[])
    order by p.sku, c.currency, c.kind, c.valid_from nulls first`
}

/** The moment. Promotions in force then, and all tax rates and shipping methods, as documents. */
export const pricingRules: Statement = {
  name: "catalog_pricing_rules",
  text: `select 'promotion' as rule, id as key, document from catalog.promotions
    where (valid_from is null or valid_from <= $1::timestamptz)
      and (valid_to is null or valid_to > $1::timestamptz)
    union all
    select 'tax_rate', category,
      json_build_object('category', category, 'percent', percent, 'mode', mode)
    from catalog.tax_rates
    union all
    select 'shipping_method', id || ' ' || currency,
      json_build_object('id', id, 'name', name, 'currency', currency, 'amount', amount,
        'taxCategory', tax_category)
    from catalog.shipping_methods
    order by 1, 2`
}

/** The categories of a product come as JSON, because the rows of an array of arrays are equal. */
export const saveProducts: Statement = {
  name: "catalog_save_products",
  text: `insert into catalog.products
      (sku, name, kind, listed, tax_category, categories, purchase_limit)
    select n.sku, n.name, n.kind, n.listed, n.tax_category,
      case when n.categories is not null
        then array(select json_array_elements_text(n.categories::json)) end,
      n.purchase_limit
    from unnest($1::text[], $2::text[], $3::text[], $4::boolean[], $5::text[], $6::text[],
        $7::integer[])
      as n (sku, name, kind, listed, tax_category, categories, purchase_limit)
    order by n.sku
    on conflict (sku) do update set name = excluded.name, kind = excluded.kind,
      listed = excluded.listed, tax_category = excluded.tax_category,
      categories = excluded.categories, purchase_limit = excluded.purchase_limit`
}

export const savePrices: Statement = {
  name: "catalog_save_prices",
  text: `insert into catalog.prices
      (sku, currency, kind, valid_from, valid_to, amount, min_unit_price)
    select * from unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[],
        $5::timestamptz[], $6::bigint[], $7::bigint[])
      as n (sku, currency, kind, valid_from, valid_to, amount, min_unit_price)
    order by n.sku, n.currency, n.kind, n.valid_from
    on conflict (sku, currency, kind, valid_from) do update
    set valid_to = excluded.valid_to, amount = excluded.amount,
      min_unit_price = excluded.min_unit_price`
}

export const savePromotions: Statement = {
  name: "catalog_save_promotions",
  text: `insert into catalog.promotions (id, valid_from, valid_to, document)
    select n.id, n.valid_from, n.valid_to, n.document::json
    from unnest($1::text[], $2::timestamptz[], $3::timestamptz[], $4::text[])
      as n (id, valid_from, valid_to, document)
    order by n.id
    on conflict (id) do update set valid_from = excluded.valid_from,
      valid_to = excluded.valid_to, document = excluded.document`
}

export const saveTaxRates: Statement = {
  name: "catalog_save_tax_rates",
  text: `insert into catalog.tax_rates (category, percent, mode)
    select * from unnest($1::text[], $2::text[], $3::text[]) as n (category, percent, mode)
    order by n.category
    on conflict (category) do update set percent = excluded.percent, mode = excluded.mode`
}

export const saveShippingMethods: Statement = {
  name: "catalog_save_shipping_methods",
  text: `insert into catalog.shipping_methods (id, currency, name, amount, tax_category)
    select * from unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[])
      as n (id, currency, name, amount, tax_category)
    order by n.id, n.currency
    on conflict (id, currency) do update set name = excluded.name, amount = excluded.amount,
      tax_category = excluded.tax_category`
}

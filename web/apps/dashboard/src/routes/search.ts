/** Parameters of an address, as they were read. */
export type Search = Readonly<Record<string, unknown>>;

/** A parameter as text, if it is there; the router reads digits as a number and `true` as a boolean. */
export function optional<Name extends string>(
  name: Name,
  search: Search,
): { readonly [key in Name]?: string } {
  const value = search[name];
  const isText = ['string', 'number', 'boolean'].includes(typeof value) && value !== '';
  return (isText ? { [name]: String(value) } : {}) as { readonly [key in Name]?: string };
}

/** Several parameters as text; what a screen does not know is dropped. */
export function optionals<Name extends string>(
  ...names: readonly Name[]
): (search: Search) => { readonly [key in Name]?: string } {
  return (search) => Object.assign({}, ...names.map((name) => optional(name, search)));
}

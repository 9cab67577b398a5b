/** The parts of a query that are given: what is absent, `null` or empty is not asked for. */
export function given<Query extends object>(query: Query) {
  return Object.fromEntries(
    Object.entries(query).filter(
      ([, value]) => value !== undefined && value !== null && value !== '',
    ),
  ) as { [Name in keyof Query]?: Exclude<Query[Name], undefined | null> };
}

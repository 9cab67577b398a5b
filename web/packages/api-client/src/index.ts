export { ApiProblem, type ProblemBody, type ProblemFacts, UNREACHABLE } from './ApiProblem';
export { type ApiClient, type ApiClientOptions, answer, createApiClient } from './createApiClient';
export type { components, paths } from './generated/openapi';

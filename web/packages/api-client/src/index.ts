export { ApiProblem, type ProblemBody, type ProblemFacts, UNREACHABLE } from './ApiProblem';
export {
  createTransport,
  type RequestOptions,
  type Transport,
  type TransportOptions,
} from './createTransport';

import { createContext, type Dispatch, type ReactNode, useContext, useReducer } from 'react';
import { type CallUi, type CallUiAction, callUiReducer, INITIAL_CALL_UI } from './callUi';

interface CallUiContextValue {
  readonly ui: CallUi;
  readonly dispatch: Dispatch<CallUiAction>;
}

const CallUiContext = createContext<CallUiContextValue | null>(null);

export interface CallUiProviderProps {
  /** Where to start, for the gallery and for tests. */
  initial?: Partial<CallUi>;
  children: ReactNode;
}

/** Keeps panels, layout, pin and dialogs of one call. */
export function CallUiProvider({ initial, children }: CallUiProviderProps): ReactNode {
  const [ui, dispatch] = useReducer(callUiReducer, { ...INITIAL_CALL_UI, ...initial });
  return <CallUiContext value={{ ui, dispatch }}>{children}</CallUiContext>;
}

/** Panels, layout, pin and dialogs, and the way to change them. */
export function useCallUi(): CallUiContextValue {
  const value = useContext(CallUiContext);
  if (!value) throw new Error('CallUiProvider is missing above this component');
  return value;
}

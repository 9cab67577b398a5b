import { createContext, type ReactNode, use } from 'react';
import { type Branding, brandSheet, NO_BRANDING } from './brandLook';

/** The app whose look the page wears. */
interface Brand {
  /** The name that callers read. */
  readonly name: string | null;
  readonly branding: Branding;
}

const BrandContext = createContext<Brand>({ name: null, branding: NO_BRANDING });

/** Who the page belongs to, and its look. */
export function useBrand(): Brand {
  return use(BrandContext);
}

export interface BrandProviderProps {
  name: string;
  branding: Branding;
  children: ReactNode;
}

/** Lets a page wear the look of an app. */
export function BrandProvider({ name, branding, children }: BrandProviderProps): ReactNode {
  const sheet = brandSheet(branding);
  return (
    <BrandContext value={{ name, branding }}>
      {sheet !== '' && <style>{sheet}</style>}
      {children}
    </BrandContext>
  );
}

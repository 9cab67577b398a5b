declare module '@tabler/icons-react/dist/esm/icons/*.mjs' {
  import type { ComponentType, SVGProps } from 'react';

  const icon: ComponentType<SVGProps<SVGSVGElement> & { size?: number | string }>;
  // biome-ignore lint/style/noDefaultExport: that is how the package exports it
  export default icon;
}

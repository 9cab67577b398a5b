declare module '*.module.css' {
  const classes: Readonly<Record<string, string>>;
  // biome-ignore lint/style/noDefaultExport: that is how a style sheet exports its classes
  export default classes;
}
declare module '*.css';

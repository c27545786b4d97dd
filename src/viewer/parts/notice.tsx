import type { ReactNode } from 'react';

export function ErrorNotice({ error }: { error: Error | undefined }) {
  if (error === undefined) return null;
  return (
    <p className="notice error" role="alert">
      {error.message}
    </p>
  );
}

export function Notice({ children }: { children: ReactNode }) {
  return <p className="notice">{children}</p>;
}

export function Hint({ children }: { children: ReactNode }) {
  return <p className="notice hint">{children}</p>;
}

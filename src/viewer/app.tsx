import { lazy, Suspense } from 'react';
import { Route, Switch } from 'wouter';
import { ErrorBoundary } from './parts/error-boundary.tsx';
import { Header } from './parts/header.tsx';
import { Notice } from './parts/notice.tsx';
import { RoutesPage } from './routes/routes-page.tsx';

// The first page comes at once, the others when they are opened.
const ProfilePage = lazy(async () => ({ default: (await import('./profile/profile-page.tsx')).ProfilePage }));
const TracePage = lazy(async () => ({ default: (await import('./trace/trace-page.tsx')).TracePage }));
const BlocksPage = lazy(async () => ({ default: (await import('./blocks/blocks-page.tsx')).BlocksPage }));
const ComparePage = lazy(async () => ({ default: (await import('./compare/compare-page.tsx')).ComparePage }));
const SessionsPage = lazy(async () => ({ default: (await import('./sessions/sessions-page.tsx')).SessionsPage }));

export function App() {
  return (
    <>
      <Header />
      <main>
        <ErrorBoundary>
          <Suspense fallback={<Notice>Loading…</Notice>}>
            <Switch>
              <Route path="/" component={RoutesPage} />
              <Route path="/profile" component={ProfilePage} />
              <Route path="/trace/:id" component={TracePage} />
              <Route path="/blocks" component={BlocksPage} />
              <Route path="/compare" component={ComparePage} />
              <Route path="/sessions" component={SessionsPage} />
              <Route>
                <Notice>There is no such page.</Notice>
              </Route>
            </Switch>
          </Suspense>
        </ErrorBoundary>
      </main>
    </>
  );
}

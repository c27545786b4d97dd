import './styles/tokens.css';
import './styles/page.css';
import './styles/controls.css';
import './styles/tables.css';
import './styles/routes.css';
import './styles/flame.css';
import './styles/detail.css';
import './styles/pages.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { currentToken } from './state/fetch-json.ts';
import { startTheme } from './state/theme.ts';

startTheme();
currentToken();
const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}

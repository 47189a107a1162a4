setUpFilter();
setUpKeys();
addEventListener('hashchange', () => void route());
void route();

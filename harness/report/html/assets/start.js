setUpFilter();
setUpNavigation();
setUpKeys();
addEventListener('hashchange', () => void route());
void route();

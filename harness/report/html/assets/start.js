document.documentElement.classList.add('js');
setUpFilter();
setUpNavigation();
setUpKeys();
addEventListener('hashchange', () => void route());
void route();

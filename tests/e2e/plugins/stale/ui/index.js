export const Home = { render: () => 'never' }

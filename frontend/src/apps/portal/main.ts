import '@/kit/kit.css'
import './portal.css'
import { boot } from '../boot'
import App from './App.vue'
import { routes } from './routes'

void boot(App, routes)

import '@/kit/kit.css'
import './console.css'
import { askLoginHere } from '@/shared/session/login-again'
import { boot, toLogin } from '../boot'
import App from './App.vue'
import { routes } from './routes'

void boot(App, routes, () => {
  if (!askLoginHere()) toLogin()
})

import '@/kit/kit.css'
import './tv.css'
import chinese from 'virtual:texts/zh-CN/tv'
import { boot } from '../boot'
import App from './App.vue'
import { routes } from './routes'

void boot(App, routes, { chinese, english: () => import('virtual:texts/en/tv') })

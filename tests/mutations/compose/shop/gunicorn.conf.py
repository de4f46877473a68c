bind = "0.0.0.0:8000"
workers = 2
timeout = 30
forwarded_allow_ips = "172.30.0.2"
accesslog = "-"
loglevel = "info"

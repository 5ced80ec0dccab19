"""MLflow stores on MySQL and MariaDB servers, read under their own limits."""

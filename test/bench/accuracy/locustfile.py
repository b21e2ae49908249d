"""Locust has no arrivals: each user is held to its share of the rate."""

import os

from locust import FastHttpUser, constant_throughput, task


class Visitor(FastHttpUser):
    wait_time = constant_throughput(float(os.environ["EACH"]))

    @task
    def visit(self):
        self.client.get("/")

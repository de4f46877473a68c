"""CloudFormation: templates of AWS, also of SAM and of the Serverless Framework."""
